/** Files that the program itself writes into what is watched. */
import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Baton, Project } from "./baton.ts";

/** Logs, counts in a database, and leaves its number; says the version of its source when all that is done. */
const WRITING = `import logging, os, sqlite3, time
VERSION = 1
open("app.pid", "w").write(str(os.getpid()))
logging.basicConfig(filename="app.log", level=logging.INFO)
run_log = open(f"run-{os.getpid()}.txt", "w", buffering=1)
database = sqlite3.connect("counts")
database.execute("pragma journal_mode=memory")
database.execute("create table if not exists starts(pid)")
for _ in range(3):
    logging.info("started")
    print("started", file=run_log)
    database.execute("insert into starts values(?)", (os.getpid(),))
    database.commit()
    time.sleep(0.2)
print("version", VERSION, flush=True)
time.sleep(1000)
`;

Deno.test("what the program writes itself does not restart it, and is told of once", async () => {
  using project = new Project({ "app.py": WRITING });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.prints("version 1");
  for (const version of [2, 3]) {
    project.write("app.py", WRITING.replace("VERSION = 1", `VERSION = ${version}`));
    await baton.prints(`version ${version}`);
  }
  const changes = baton.events.filter(({ type }) => type === "ready").map(({ changed }) => changed);
  assertEquals(changes, [[], ["app.py"], ["app.py"]], baton.transcript());
  const told = baton.events.filter(({ type }) => type === "notice").map(({ what }) => what);
  const kinds = told.map((what) => what?.replace(/run-\d+/, "run-N")).toSorted();
  assertEquals(
    kinds,
    ["app.log", "counts", "run-N.txt"].map((name) =>
      `Left out "${name}": the program itself writes it`
    ),
    baton.transcript(),
  );
});

Deno.test("a program that restarts itself by short writes is told of, and a save goes before", async () => {
  const script = 'echo "started $$" >>server.log; echo "version $(cat app.txt)"; exec sleep 1000';
  using project = new Project({ "app.txt": "1", "logs.sh": script });
  await using baton = new Baton(project, ["sh", "logs.sh"]);
  await baton.event("notice", ({ what }) => what?.startsWith("The last 5 restarts") ?? false);
  project.write("app.txt", "2");
  await baton.prints("version 2");
});
