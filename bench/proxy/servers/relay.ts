/** Bytes both ways between its own port and that of another: what any proxy costs at least. */
const [target] = Deno.args.map(Number);
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(listener.addr.port);
for await (const one of listener) {
  const other = await Deno.connect({ hostname: "127.0.0.1", port: target! });
  for (const socket of [one, other]) socket.setNoDelay(true);
  Promise.allSettled([one.readable.pipeTo(other.writable), other.readable.pipeTo(one.writable)]);
}
