import { assertEquals } from "@std/assert";
import type { WatchSettings } from "../../../lib/watch/watch.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { inProject, type Project } from "../support/project.ts";

/** A Python program in the folder of the project that does a line of its input at a time. */
class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  constructor(project: Project, isOfTheProgram = true) {
    this.#child = new Deno.Command("python3", {
      args: ["-c", "import sys\nfor line in sys.stdin: exec(line); print('done', flush=True)"],
      cwd: project.folder,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    if (isOfTheProgram) project.processes.push(this.#child.pid);
    this.#input = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async does(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
    await this.#lines.read();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#child.status;
    await this.#lines.cancel();
  }
}

async function withProgram(
  run: (project: Project, program: Program) => Promise<void>,
  settings: Partial<WatchSettings> = {},
  isOfTheProgram = true,
): Promise<void> {
  await inProject(async (project) => {
    project.write("a.py", "1");
    project.write("old.log", "1");
    await project.start({ maxWaitMs: 300, ...settings });
    await using program = new Program(project, isOfTheProgram);
    await run(project, program);
  });
}

/** What was told, and what restarts there were, once a source that was saved has been one. */
async function after(project: Project) {
  project.write("a.py", String(Math.random()));
  await project.said("a.py");
  await project.cookie();
  return { restarts: project.restarts.flat(), notices: project.notices };
}

const says = (name: string) => `Left out "${name}": the program itself writes it`;

for (const pollMs of [null, 20]) {
  const how = pollMs === null ? "by events" : "by polling";
  Deno.test(`a log that the program keeps open is left out, and that is said once: ${how}`, () =>
    withProgram(async (project, program) => {
      await program.does("new, old = open('new.log', 'a'), open('old.log', 'a')");
      for (let round = 0; round < 3; round++) {
        await program.does("for log in (new, old): log.write('x'); log.flush()");
        await project.cookie();
      }
      const { restarts, notices } = await after(project);
      assertEquals(restarts, ["a.py"]);
      assertEquals(notices.toSorted(), [says("new.log"), says("old.log")]);
    }, { pollMs }));
}

Deno.test("a database is left out from its first transaction on, also when it is closed after each", () =>
  withProgram(async (project, program) => {
    const path = "os.path.abspath('counts')";
    await program.does(`import os, sqlite3; db = sqlite3.connect(${path}, isolation_level=None)`);
    await program.does("db.execute('pragma journal_mode=memory'); db.execute('create table t(x)')");
    await project.cookie();
    for (let round = 0; round < 3; round++) {
      await program.does(
        `db.close(); db = sqlite3.connect(${path}); db.execute('pragma journal_mode=off'); db.execute('insert into t values(1)'); db.commit()`,
      );
      await project.cookie();
    }
    const { restarts, notices } = await after(project);
    assertEquals([restarts, notices], [["a.py"], [says("counts")]]);
  }));

Deno.test("a file that is called by the number of a process of the program is left out, also when that is gone", () =>
  withProgram(async (project, program) => {
    await after(project);
    const [pid] = project.processes.splice(0);
    for (const name of [`.data.host.pid${pid}.Xa`, `core.${pid}`, `log.${pid}x`, `${pid}0.txt`]) {
      project.write(name, "1");
    }
    await project.said(`${pid}0.txt`);
    await program.does("pass");
    const { restarts, notices } = await after(project);
    assertEquals(restarts.includes(`${pid}0.txt`), true);
    // A number of less than four digits says too little, unless "pid" is before it.
    const short = pid! < 1000 ? [`core.${pid}`, `log.${pid}x`] : [];
    assertEquals(restarts.filter((name) => name !== "a.py" && name !== `${pid}0.txt`), short);
    assertEquals(notices.length, 3 - short.length);
  }));

Deno.test("a source counts, and a file that was there before, though it is called by the number of a process", () =>
  withProgram(async (project) => {
    const [pid] = project.processes;
    project.write(`old.${pid}`, "1");
    await project.said(`old.${pid}`);
    await after(project);
    for (const name of [`migrations/${pid}_first.py`, `old.${pid}`, `0${pid}.txt`]) {
      project.write(name, "2");
      await project.said(name);
    }
    assertEquals((await after(project)).notices, []);
  }));

Deno.test("files whose names differ by a date or a number alone are told of once", () =>
  withProgram(async (project, program) => {
    for (const name of ["logs/2026-11-27.log", "logs/2026-11-28.log", "run-1.txt", "run-2.txt"]) {
      await program.does(
        `import os; os.makedirs('logs', exist_ok=True); f = open('${name}', 'w'); f.write('x'); f.flush()`,
      );
      await project.cookie();
    }
    const { restarts, notices } = await after(project);
    assertEquals([restarts, notices], [["a.py"], [
      says("logs/2026-11-27.log"),
      says("run-1.txt"),
    ]]);
  }));

for (
  const [what, settings] of [
    ["--ignore includes it", { ignore: ["!old.log"] }],
    ["--watch names it", { watch: [".", "old.log"] }],
  ] as const
) {
  Deno.test(`what the program writes counts where ${what}`, () =>
    withProgram(async (project, program) => {
      await program.does("log = open('old.log', 'a'); log.write('x'); log.flush()");
      await project.said("old.log");
      assertEquals(project.notices, []);
    }, settings as Partial<WatchSettings>));
}

Deno.test("what another process writes counts, also while it has it open", () =>
  withProgram(
    async (project, program) => {
      await program.does("log = open('old.log', 'a'); log.write('x'); log.flush()");
      await project.said("old.log");
      assertEquals(project.notices, []);
    },
    {},
    false,
  ));

Deno.test("a file that the program only reads counts", () =>
  withProgram(async (project, program) => {
    await program.does("log = open('old.log')");
    project.write("old.log", "2");
    await project.said("old.log");
  }));

Deno.test("what git writes counts, though the program has started it", () =>
  withProgram(async (project, program) => {
    project.run("git init -q .");
    await program.does(
      "lock = open('.git/index.lock', 'w'); f = open('old.log', 'w'); f.write('xy'); f.flush()",
    );
    await program.does("f.close(); lock.close(); import os; os.remove('.git/index.lock')");
    await waitUntil("it is said", (saw) => saw(project.rounds.flat()).includes("old.log"));
    assertEquals(project.notices.filter((what) => what.startsWith("Left out")), []);
  }));

Deno.test("what the program has built and executes by now is no change, and another version of it is", () =>
  withProgram(async (project) => {
    project.watch.mark(2);
    project.run("cp $(command -v sleep) app.new && mv app.new app");
    await new Promise((linked) => setTimeout(linked, 150)); // longer than it takes to settle
    const built = new Deno.Command(project.path("app"), { args: ["1000"] }).spawn();
    try {
      project.processes.push(built.pid);
      await project.cookie();
      assertEquals((await after(project)).restarts, ["a.py"]);
      project.run("cp $(command -v env) app.new && mv app.new app");
      await project.said("app");
    } finally {
      built.kill("SIGKILL");
      await built.status;
    }
  }));

Deno.test("a lock file that is made while the program starts is no change, and each later one is", () =>
  withProgram(async (project) => {
    project.watch.mark(2);
    project.write("Cargo.lock", "1");
    await project.cookie();
    assertEquals((await after(project)).restarts, ["a.py"]);
    project.write("Cargo.lock", "2");
    await project.said("Cargo.lock");
    project.processes.splice(0); // It has ended: somebody installs what it was missing.
    project.write("package-lock.json", "1");
    await project.said("package-lock.json");
  }));
