// A server of Node's that takes part, on Deno or Node: `baton.listener()`, and its count goes on.
import { createServer } from "node:http";

// The benchmark lays it out beside this program.
const { join } = await import(new URL("./baton.mjs", import.meta.url).href);

const VERSION = 0;
const baton = await join();
const state = await baton.restore({ count: 0 });
const server = createServer((_request, response) => {
  state.count += 1;
  response.end(`${VERSION} ${state.count}\n`);
});
await new Promise((listening) => server.listen(baton.listener({ port: 8000 }), listening));
baton.component("http", close, { serves: true });
baton.onSave(() => state);
baton.ready();

/** Waits for the answers under way, and for no connection that is only kept alive. */
function close() {
  return new Promise((closed) => {
    const idle = setInterval(() => server.closeIdleConnections(), 5);
    server.close(() => closed(clearInterval(idle)));
  });
}
