// A server of Node's that takes part, on Deno or Node: `baton.listener()`, and its count goes on.
import { createServer } from "node:http";
// @ts-ignore The benchmark lays it out beside this program.
import { join } from "./baton.mjs";

const VERSION = 0;
const baton = await join();
const state = await baton.restore({ count: 0 });
const server = createServer((_request, response) => {
  state.count += 1;
  response.end(`${VERSION} ${state.count}\n`);
});
await new Promise((listening) => server.listen(baton.listener({ port: 8000 }), listening));
baton.component("http", () => new Promise((closed) => server.close(closed)));
baton.onSave(() => state);
baton.ready();
