/** Answers with its version and its process id; hands a number over to its next version. */
import { createServer } from "node:http";
import process from "node:process";

// The benchmark lays it out beside this program.
const { join } = await import(new URL("./client.mjs", import.meta.url).href);

const { IMPORT_MS, PORT } = process.env;
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(IMPORT_MS)); // slow imports
const VERSION = 1;

const baton = await join();
const state = await baton.restore({ handoffs: 0 });
const server = createServer((_request, response) => response.end(`${VERSION} ${process.pid}\n`));
baton.component("http", () => new Promise((done) => server.close(done)), { serves: true });
baton.onSave(() => ({ handoffs: state.handoffs + 1 }));
server.listen(Number(PORT), "127.0.0.1", () => baton.ready());
