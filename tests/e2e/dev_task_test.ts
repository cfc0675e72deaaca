/** `deno task dev`, as a user meets it: the first command of the README, in a fresh copy. */
import { assertEquals, assertMatch } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { Running } from "../support/running.ts";
import { Project } from "./baton.ts";

const root = new URL("../../", import.meta.url).pathname;
const NEEDED = ["deno.json", "cli.ts", "lib", "clients", "examples", "tools"];

Deno.test("deno task dev says how to try it; an edit restarts the counter, and it goes on", async () => {
  using clone = new Project();
  const { success } = new Deno.Command("cp", {
    args: ["-r", ...NEEDED.map((name) => root + name), clone.dir],
  }).outputSync();
  assertEquals(success, true);
  const port = freePort();
  const address = `http://127.0.0.1:${port}/`;
  const ask = async () => await (await fetch(address)).json();
  const env = { PORT: String(port), NO_COLOR: "1" };
  await using task = new Running([Deno.execPath(), "task", "dev"], env, clone.dir);

  assertEquals(await task.line(), `Counter, version 1, at 0: ${address}  (try: curl ${address})`);
  assertEquals(await ask(), { count: 1, generation: 1, version: 1 });
  // Saved at whatever moment: what changes before the watch is armed is found by comparing.
  clone.replace("examples/counter/main.ts", "VERSION = 1", "VERSION = 2");
  const line = await task.line();
  assertEquals(line, `Counter, version 2, at 1: ${address}  (try: curl ${address})`);
  assertEquals(await ask(), { count: 2, generation: 2, version: 2 });

  task.kill("SIGINT");
  const { code, stderr } = await task.end();
  assertEquals(code, 0);
  assertMatch(stderr, /^baton: Watches 2 files in 1 folder; Ctrl-C stops$/m);
  assertMatch(
    stderr,
    /^baton: Generation 2 runs: "examples\/counter\/main.ts" changed, hook .+, state 11 B, boot /m,
  );
  assertMatch(stderr, /^baton: Stopped; the final state of generation 2 \(11 B\) is kept$/m);
});
