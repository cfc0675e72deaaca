/** `baton wait`, `hold` and `release`: a verdict on every edit, and a turn of edits as one change. */
import { assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Terminal } from "../support/terminal.ts";
import { waitUntil } from "../support/wait_until.ts";
import { BATON, Baton, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";
import { say } from "./say.ts";

Deno.test("wait says what became of a save: it runs, or it failed and where", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.up();
  await baton.event("ready", ({ announced }) => announced);
  assertMatch((await say(project.dir, "wait")).stdout, /^Generation 1 runs/);

  project.write("app.py", edit("VERSION = 2"));
  const runs = await say(project.dir, "wait", "--json");
  const ready = JSON.parse(runs.stdout);
  assertEquals([runs.code, ready.outcome, ready.changed], [0, "ready", ["app.py"]]);
  assertEquals(ready.generation > 1, true);

  project.write("app.py", edit("VERSION = = 3"));
  const failed = await say(project.dir, "wait");
  assertEquals(failed.code, 1);
  assertMatch(
    failed.stdout,
    /did not come up[^]*goes on serving[^]*SyntaxError[^]*Where: app\.py:4\n/,
  );
  assertEquals(await say(project.dir, "wait"), failed);

  project.write("app.py", edit("VERSION = 2"));
  assertEquals((await say(project.dir, "wait")).code, 0);
  assertEquals(await baton.stop(), 0);
});

Deno.test("a turn of edits that is held is one start and no failure, and release tells the verdict", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.up();
  await baton.event("ready", ({ announced }) => announced);
  assertMatch((await say(project.dir, "hold", "agent")).stdout, /^Held by "agent", 1 min at most/);
  for (const line of ["VERSION = 2", "VERSION = (", "VERSION = 3"]) {
    project.write("app.py", edit(line));
    const { code, stdout } = await say(project.dir, "wait");
    assertEquals(code, 3);
    assertMatch(stdout, /Nothing is started from these files as yet\nHeld by "agent"/);
  }
  const { code, stdout } = await say(project.dir, "release", "agent", "--wait");
  assertEquals(code, 0);
  assertMatch(stdout, /Released by "agent"; "app\.py" changed meanwhile\nGeneration 2 runs/);
  assertEquals([baton.count("candidate-failed"), baton.count("started")], [0, 2]);

  const none = await say(project.dir, "release", "agent");
  assertEquals(none.code, 2);
  assertMatch(none.stderr, /Nothing is held by the name "agent"\n.*Next: "baton wait" tells/);
  await say(project.dir, "hold", "--for", "1ms");
  await baton.event("released", ({ by }) => by === "time");
  assertMatch((await say(project.dir, "release")).stdout, /had ended by itself: its time was over/);
  assertEquals(await baton.stop(), 0);
});

Deno.test("a program that takes no part is waited for as well, and so is one that ends at once", async () => {
  using project = new Project({ "app.py": "import time\ntime.sleep(600)\n" });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("armed");
  assertMatch((await say(project.dir, "wait")).stdout, /has not ended since/);
  project.write("app.py", "raise ValueError('no')\n");
  const failed = await say(project.dir, "wait");
  assertEquals(failed.code, 1);
  assertMatch(failed.stdout, /ended[^]*ValueError: no\nWhere: app\.py:1/);
  project.write("app.py", "print('done')\n");
  assertMatch((await say(project.dir, "wait")).stdout, /ended by itself, with exit status 0/);
});

Deno.test("in a terminal, too, the lines of what fails are known once somebody has asked", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using terminal = new Terminal([...BATON, "--", PYTHON, "app.py"], project.dir);
  await terminal.shows("version 1 count 0");
  assertEquals((await say(project.dir, "wait")).code, 0);
  project.write("app.py", edit("VERSION = = 3"));
  const failed = await say(project.dir, "wait");
  assertEquals(failed.code, 1);
  assertMatch(failed.stdout, /SyntaxError[^]*Where: app\.py:4\n/);
  await terminal.shows("SyntaxError");
  await say(project.dir, "stop");
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

/** Whether somebody is connected to the socket there; where the system does not tell, after a while. */
async function isConnected(path: string): Promise<boolean> {
  if (Deno.build.os !== "linux") {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return true;
  }
  const sockets = Deno.readTextFileSync("/proc/net/unix").split("\n");
  return sockets.some((line) => line.split(/ +/)[5] === "03" && line.includes(` ${path}`));
}

Deno.test("who waits while baton is started anew hears it from the next one, and who asks as it starts", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("hello"); // It takes commands later.
  assertEquals((await say(project.dir, "wait", "--timeout", "1m")).code, 0, baton.transcript());
  project.write("app.py", `import time\ntime.sleep(60)\n${COUNTING}`);
  await baton.event("started", ({ generation }) => generation === 2);
  const waits = say(project.dir, "wait", "--timeout", "1m", "--json");
  await waitUntil("it has connected", () => isConnected(project.path(".baton/control")));
  assertEquals(await baton.stop(), 0);
  project.write("app.py", COUNTING);
  await using next = new Baton(project, [PYTHON, "app.py"]);
  const { code, stdout } = await waits;
  assertEquals(code, 0, next.transcript());
  const { outcome, generation, restarted } = JSON.parse(stdout);
  assertEquals([outcome, generation, restarted], ["ready", 1, true]);
  assertEquals(await next.stop(), 0);
});
