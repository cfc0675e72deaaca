/** The keys of `-I`, in a real terminal that is left as it was found. */
import { assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Terminal } from "../support/terminal.ts";
import { waitUntil } from "../support/wait_until.ts";
import { BATON, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";

/** Baton with a fault, where it is run from source. */
const FAULTY = BATON.map((word) =>
  word.endsWith("/cli.ts")
    ? new URL("../fixtures/baton_with_a_fault.ts", import.meta.url).pathname
    : word
);

async function up(project: Project, baton = BATON): Promise<Terminal> {
  const terminal = new Terminal([...baton, "-I", "--", PYTHON, "app.py"], project.dir);
  await terminal.shows("version 1 count 0");
  await terminal.shows("h shows the keys");
  return terminal;
}

Deno.test("r restarts, s shows the states, h the keys, q quits: the terminal is as it was", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using terminal = await up(project);
  await terminal.type("r");
  await terminal.shows("version 1 count 1");
  await waitUntil("generation 2 is ready", () => /Generation 2/.test(terminal.shown));
  await terminal.type("s");
  await terminal.shows("generation 1");
  await terminal.type("h");
  await terminal.shows("q  quit");
  await terminal.type("q");
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test("one that cannot boot beside live is told how in a terminal, too, and r hands over in sequence", async () => {
  const locked = COUNTING.replace(
    "app = baton.join()",
    `import fcntl
lock = open("lock", "w")
app = baton.join()
fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)`,
  );
  using project = new Project({ "app.py": locked, ".gitignore": "lock" });
  await using terminal = await up(project);
  project.write("app.py", locked.replace("VERSION = 1", "VERSION = 2"));
  await terminal.shows("did not come up");
  await terminal.shows('join with "exclusive"');
  await terminal.type("r");
  await terminal.shows("version 2 count 1");
  await terminal.type("q");
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test("changes while it is paused are acted on when it goes on, once", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using terminal = await up(project);
  await terminal.type("p");
  await terminal.shows("Paused");
  project.write("app.py", edit("VERSION = 2"));
  await new Promise((resolve) => setTimeout(resolve, 300)); // more than it takes to settle
  project.write("app.py", edit("VERSION = 3"));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await terminal.type("p");
  await terminal.shows("Goes on");
  await terminal.shows("version 3 count 1");
  await terminal.type("q");
  assertEquals(await terminal.end(), { code: 0, restored: true });
  assertEquals(terminal.shown.match(/^version .*(?=\r)/gm), [
    "version 1 count 0",
    "version 3 count 1",
  ]);
});

Deno.test("a program that ends while it is paused is started for no change before it goes on", async () => {
  const brief = COUNTING.replace("app.wait()", "import time\ntime.sleep(1)");
  using project = new Project({ "app.py": brief });
  await using terminal = await up(project);
  await terminal.type("p");
  await terminal.shows("Paused");
  project.write("app.py", edit("VERSION = 2"));
  await terminal.shows("ended");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(terminal.shown.includes("version 2"), false);
  await terminal.type("p");
  await terminal.shows("version 2");
  await terminal.type("q");
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test("Ctrl-C among the keys stops gracefully", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using terminal = await up(project);
  await terminal.type("\x03");
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test({
  name: "a fault of baton's own: says so, exits 70, leaves the terminal and the state",
  ignore: FAULTY.every((word, i) => word === BATON[i]),
  fn: fault,
});

async function fault(): Promise<void> {
  using project = new Project({ "app.py": COUNTING });
  await using terminal = await up(project, FAULTY);
  Deno.kill(await terminal.pid(), "SIGUSR2");
  assertEquals(await terminal.end(), { code: 70, restored: true });
  assertMatch(terminal.shown, /Baton \S+ failed: made for a test/);
  assertMatch(terminal.shown, /please report it/);
  await using again = new Terminal([...BATON, "--", PYTHON, "app.py"], project.dir);
  await again.shows("version 1 count 1");
}

Deno.test("without a terminal there are no keys, and baton says what to do", async () => {
  using project = new Project();
  const [program, ...args] = BATON;
  const { code, stderr } = await new Deno.Command(program!, {
    args: [...args, "-I", "--", "true"],
    cwd: project.dir,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  assertEquals(code, 2);
  assertMatch(
    new TextDecoder().decode(stderr),
    /Cannot read keys: standard input is not a terminal/,
  );
});
