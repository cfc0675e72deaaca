/** Answers with its version and its process id; hands a number over to its next version. */

// The benchmark lays it out beside this program.
const { join } = await import(new URL("./client.mjs", import.meta.url).href);

const { IMPORT_MS, PORT } = Deno.env.toObject();
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(IMPORT_MS)); // slow imports
const VERSION = 1;

const baton = await join();
const state = await baton.restore({ handoffs: 0 });
const server = Deno.serve(
  { hostname: "127.0.0.1", port: Number(PORT), onListen() {} },
  () => new Response(`${VERSION} ${Deno.pid}\n`),
);
baton.component("http", () => server.shutdown(), { serves: true });
baton.onSave(() => ({ handoffs: state.handoffs + 1 }));
baton.ready();
