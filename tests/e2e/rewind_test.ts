/** State that goes back with the code. */
import { assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";
import { say } from "./say.ts";

async function settledAt(baton: Baton, generation: number): Promise<void> {
  await baton.event("ready", (event) => event.generation === generation && event.announced);
}

Deno.test("the state of these files is offered, handed over when asked for, and the way back is open", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, [PYTHON, "app.py"], { args: ["--keep", "9"] });
  await baton.up();
  await settledAt(baton, 1);
  await baton.trees();
  const none = await say(project.dir, "rewind");
  assertEquals(none.code, 2);
  assertMatch(
    none.stderr,
    /No state is kept that was saved under these files, or by .* good\n.*Next: "baton state"/,
  );

  project.write("app.py", edit("VERSION = 2"));
  await baton.prints("version 2 count 1");
  await settledAt(baton, 2);
  project.write("app.py", COUNTING);
  await baton.prints("version 1 count 2");
  await settledAt(baton, 3);
  const offer = await baton.event("rewind", ({ by }) => by === null);
  assertEquals(offer.state.envelope.generation, 1);

  assertMatch((await say(project.dir, "rewind")).stdout, /Goes back to the state of generation 1/);
  await baton.event(
    "ready",
    ({ generation, state }) => generation === 4 && state.envelope.reason === "rewind",
  );
  await baton.line(/(version 1 count 1\n)$/);

  const kept = (await say(project.dir, "state")).stdout;
  assertMatch(kept, /generation 3, .*tree [0-9a-f]{8} \(these files\)/);
  assertMatch(kept, /generation 2, .*tree [0-9a-f]{8} +\.baton/);
  assertMatch(
    (await say(project.dir, "rewind", "99")).stderr,
    /Cannot go back to state 99: \d are kept/,
  );
  assertMatch((await say(project.dir, "rewind", "x")).stderr, /Cannot go back to "x"/);
  assertEquals((await say(project.dir, "rewind", "1")).code, 0);
  await settledAt(baton, 5);
  await baton.line(/version 1 count 3\n$/);
  assertEquals(await baton.stop(), 0);
});

Deno.test("with --rewind auto the state goes back with the files, over several versions, and is said to", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, [PYTHON, "app.py"], {
    args: ["--keep", "20", "--rewind", "auto"],
  });
  await baton.up();
  await settledAt(baton, 1);
  await baton.trees();
  for (const [at, version] of [2, 3, 4].entries()) {
    project.write("app.py", edit(`VERSION = ${version}`));
    await baton.prints(`version ${version} count ${version - 1}`);
    await settledAt(baton, at + 2);
  }
  project.write("app.py", edit("VERSION = 2"));
  await settledAt(baton, 5);
  await baton.line(/version 2 count 2\n$/);
  project.write("app.py", COUNTING);
  await settledAt(baton, 6);
  await baton.line(/version 1 count 1\n$/);
  assertEquals(
    baton.events.filter(({ type, by }) => type === "rewind" && by === "files").length,
    2,
  );
  assertEquals(await baton.stop(), 0);
});
