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

/** Keeps a row a generation in a database, which it leaves to the end of its process to close. */
const WITH_ROWS = COUNTING.replace(
  "VERSION = 1",
  `import sqlite3
db = sqlite3.connect("data.db")
db.execute("pragma journal_mode = wal")
db.execute("create table if not exists seen (count)")
db.execute("insert into seen values (?)", (state["count"],))
db.commit()
print("rows", db.execute("select group_concat(count, ' ') from seen").fetchone()[0], flush=True)
VERSION = 1`,
);

Deno.test("what is beside the state goes back with it, and forth again, and is no change", async () => {
  using project = new Project({ "app.py": WITH_ROWS });
  await using baton = new Baton(project, [PYTHON, "app.py"], {
    args: ["--keep", "9", "--also", "data.db"],
  });
  await baton.up();
  await settledAt(baton, 1);
  for (const version of [2, 3]) {
    project.replace("app.py", /VERSION = \d/, `VERSION = ${version}`);
    await settledAt(baton, version);
  }
  await baton.line(/rows 0 1 2\nversion 3 count 2\n$/);
  assertEquals((await say(project.dir, "rewind", "2")).code, 0);
  await settledAt(baton, 4);
  await baton.line(/rows 0 1\nversion 3 count 1\n$/);
  assertEquals((await say(project.dir, "rewind", "1")).code, 0);
  await settledAt(baton, 5);
  await baton.line(/rows 0 1 2 3\nversion 3 count 3\n$/);
  assertEquals([baton.count("started"), baton.count("warning")], [5, 0]);
  assertEquals(await baton.stop(), 0);

  const outside = await say(project.dir, "--also", "../x", "--also", "ok.db", "--", "true");
  assertEquals(outside.code, 2);
  assertMatch(
    outside.stderr,
    /Cannot take "\.\.\/x" along with the state: only what is in the project/,
  );
  Deno.symlinkSync("/etc/hosts", project.path("hosts.db"));
  const link = await say(project.dir, "--also", "hosts.db", "--", "true");
  assertEquals(link.code, 2);
  assertMatch(link.stderr, /Cannot take "hosts\.db" along with the state: it is a link\n/);
});

Deno.test("the files go back with the state, as one change, and forth again, for those that were kept", async () => {
  using project = new Project({ "app.py": COUNTING, "sub/old.txt": "old" });
  await using baton = new Baton(project, [PYTHON, "app.py"], {
    args: ["--keep", "9", "--keep-files"],
  });
  await baton.up();
  await settledAt(baton, 1);
  await baton.trees();
  await say(project.dir, "hold");
  Deno.removeSync(project.path("sub/old.txt"));
  project.write("new.txt", "new");
  project.write("app.py", edit("VERSION = 2"));
  assertEquals((await say(project.dir, "release", "--wait")).code, 0);
  project.write("app.py", edit("VERSION = 3"));
  await settledAt(baton, 3);

  const back = JSON.parse((await say(project.dir, "rewind", "2", "--files", "--json")).stdout);
  assertEquals([back.files.written.toSorted(), back.files.removed], [["app.py", "sub/old.txt"], [
    "new.txt",
  ]]);
  await settledAt(baton, 4);
  await baton.line(/version 1 count 1\n$/);
  assertEquals([project.read("app.py"), project.read("sub/old.txt")], [COUNTING, "old"]);
  assertEquals(Deno.readTextFileSync(`${back.files.aside}/app.py`), edit("VERSION = 3"));
  assertEquals(Deno.readTextFileSync(`${back.files.aside}/new.txt`), "new");

  const forth = await say(project.dir, "rewind", "1", "--files");
  assertMatch(forth.stdout, /Put back "app\.py"\nPut back "new\.txt"\nRemoved "sub\/old\.txt"\n/);
  await settledAt(baton, 5);
  await baton.line(/version 3 count 3\n$/);
  assertEquals(project.read("new.txt"), "new");
  assertEquals(baton.count("started"), 5);
  assertEquals(await baton.stop(), 0);
});
