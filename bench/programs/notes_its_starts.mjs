/** Notes each start of it and counts what it is asked; has a child and a daemon where it has a mark for them. */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";

const VERSION = 1;
const { CLIENT, MARK, PORT, STARTS } = process.env;

appendFileSync(STARTS, `${process.pid}\n`);
const baton = CLIENT === undefined ? null : await (await import(CLIENT)).join();
const state = baton === null ? { count: 0 } : await baton.restore({ count: 0 });

if (MARK !== undefined) {
  spawn("sleep", [`1000.${MARK}`], { stdio: "ignore" });
  spawn("sh", ["-c", `setsid sleep 2000.${MARK} &`], { stdio: "ignore" });
}

const server = createServer((_request, response) => {
  state.count += 1;
  response.end(JSON.stringify({ version: VERSION, count: state.count }));
});
baton?.component("http", () => new Promise((done) => server.close(done)), { serves: true });
baton?.onSave(() => state);
server.listen(Number(PORT), "127.0.0.1", () => baton?.ready());
