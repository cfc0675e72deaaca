/** What keeps a socket from being held, told with its next step. The codes are those of the system. */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { holdSockets } from "../../lib/act/hold_sockets.ts";
import { parseListenAddress } from "../../lib/configure/listen_address.ts";
import { BatonError } from "../../lib/errors.ts";
import { platform } from "../support/platform.ts";
import { type Platform, PlatformError } from "../../lib/platform/platform.ts";

const real = platform();

function hold(address: string, sockets: Partial<Platform["sockets"]> = {}) {
  const outside = { ...real, sockets: { ...real.sockets, ...sockets } };
  return holdSockets(outside, { listen: [parseListenAddress(address)!], cwd: "/project" });
}

/** What is said where the system answers with this code. */
async function told(address: string, code: string, others: Partial<Platform["sockets"]> = {}) {
  const listen = () => {
    throw new PlatformError(code, `Cannot listen: ${code}`);
  };
  const error = await assertRejects(() => hold(address, { listen, ...others }), BatonError);
  assertEquals(error.where, `--listen ${address.includes(":") ? address : `127.0.0.1:${address}`}`);
  return [error.what, error.next] as const;
}

Deno.test("a port for root alone, and one that others have", async () => {
  assertEquals(await told("80", "EACCES"), [
    'Cannot listen at "127.0.0.1:80": ports below 1024 are for root',
    'Choose one from 1024 on, or let everybody have it: "sysctl net.ipv4.ip_unprivileged_port_start=80"',
  ]);
  assertEquals(await told("8000", "EADDRINUSE", { listeners: () => [] }), [
    'Cannot listen at "127.0.0.1:8000": the port is in use, by a process that cannot be looked into',
    "Choose another port; 0 picks a free one",
  ]);
  const [what, next] = await told("8000", "EADDRINUSE", { listeners: () => [real.processes.self] });
  assertMatch(what, RegExp(`the port is in use by process ${real.processes.self}, ".*deno`));
  assertMatch(
    next!,
    RegExp(`^Stop it \\("kill ${real.processes.self}"\\), or choose another port`),
  );
});

Deno.test("an address that is another machine's, or of a kind that this one has not", async () => {
  for (const code of ["EADDRNOTAVAIL", "EAFNOSUPPORT"]) {
    assertEquals(await told("[2001:db8::1]:80", code), [
      'Cannot listen at "[2001:db8::1]:80": this machine has no address 2001:db8::1',
      "Name one that it has, or leave the host out for 127.0.0.1",
    ]);
  }
});

Deno.test("a path whose folder may not be written to, and a machine without the C library", async () => {
  for (const code of ["EACCES", "EROFS"]) {
    const [what] = await told("unix:a.sock", code);
    assertEquals(
      what,
      `Cannot listen at "/project/a.sock": its folder cannot be written to (${code})`,
    );
  }
  const [what, next] = await told("8000", "ENOTSUP");
  assertMatch(what, /baton holds sockets through the C library, and cannot call it here/);
  assertMatch(next!, /^Leave "--listen" out/);
});

Deno.test("addresses of IPv6 are held, and told as they are written", async () => {
  for (const host of ["[::1]", "[::]"]) {
    const held = await hold(`${host}:0`);
    const [{ address, port, name }] = held.all as [typeof held.all[number]];
    assertEquals([address, name], [`${host}:${port}`, `${port}`]);
    const connection = await Deno.connect({ hostname: "::1", port: port! });
    connection.close();
    held.close();
  }
});
