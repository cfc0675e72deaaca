/** Answers with its version and its process id; hands a number over to its next version. */
// @ts-ignore The benchmark lays it out beside this program.
import { join } from "./client.mjs";

const { IMPORT_MS, PORT } = Deno.env.toObject();
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(IMPORT_MS)); // slow imports
const VERSION = 1;

const baton = await join();
const state = await baton.restore({ handoffs: 0 });
const server = Deno.serve(
  { hostname: "127.0.0.1", port: Number(PORT), onListen() {} },
  () => new Response(`${VERSION} ${Deno.pid}\n`),
);
baton.component("http", () => server.shutdown());
baton.onSave(() => ({ handoffs: state.handoffs + 1 }));
baton.ready();
