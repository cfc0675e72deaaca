/** `deno task dev`, as a user meets it: the first command of the README, in a fresh copy. */
import { assertEquals } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { Running } from "../support/running.ts";
import { Project } from "./baton.ts";

const root = new URL("../../", import.meta.url).pathname;
const NEEDED = ["deno.json", "cli.ts", "mod.ts", "lib", "clients", "examples", "tools"];

/** Reads what it says until a line fits. */
async function says(task: Running, fits: RegExp): Promise<void> {
  const heard: string[] = [];
  for (;;) {
    const line = await task.line();
    if (line === null) throw new Error(`Nothing like ${fits} in:\n${heard.join("\n")}`);
    if (fits.test(line)) return;
    heard.push(line);
  }
}

Deno.test("deno task dev says how to try it; an edit restarts the counter, and it goes on", async () => {
  using clone = new Project();
  const { success } = new Deno.Command("cp", {
    args: ["-r", ...NEEDED.map((name) => root + name), clone.dir],
  }).outputSync();
  assertEquals(success, true);
  const port = freePort();
  const address = `http://127.0.0.1:${port}/`;
  const ask = async () => await (await fetch(address)).json();
  await using task = new Running(
    ["sh", "-c", 'exec "$0" task dev 2>&1', Deno.execPath()],
    { PORT: String(port), NO_COLOR: "1" },
    clone.dir,
  );

  await says(task, /^Counter, version 1, at 0: http:\S+\s+\(try: curl http:\S+\)$/);
  await says(task, /^baton: Generation 1 is ready: boot /);
  assertEquals(await ask(), { count: 1, generation: 1, version: 1 });
  clone.replace("examples/counter/main.ts", "VERSION = 1", "VERSION = 2");
  await says(
    task,
    /^baton: Generation 2 runs: "examples\/counter\/main.ts" changed, hook .+, state 11 B, boot /,
  );
  assertEquals(await ask(), { count: 2, generation: 2, version: 2 });

  task.kill("SIGINT");
  await says(task, /^baton: Stopped; the final state of generation 2 \(11 B\) is kept$/);
  assertEquals((await task.end()).code, 0);
});
