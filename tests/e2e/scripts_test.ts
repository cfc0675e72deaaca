/** What scripts and service managers need: hooks, a restart by signal, sd_notify, files with variables. */
import { assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { edit } from "./programs.ts";
import { say } from "./say.ts";

const MANAGER = `import socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
while True:
    message = manager.recv(4096) + b"\\n"
    with open(sys.argv[2], "ab") as said:
        said.write(message)
`;

Deno.test("hooks, a restart by signal, sd_notify and variables that are read anew", async () => {
  const tells = 'import os\nVERSION = os.environ["ANSWER"] + os.environ["GIVEN"]';
  using project = new Project({
    "app.py": edit(tells),
    ".env": "ANSWER=41\nGIVEN=no\n",
    ".gitignore": ".env\nhooks\n",
    "manager.py": MANAGER,
  });
  const socket = project.path("s");
  const manager = new Deno.Command(PYTHON, {
    args: ["manager.py", socket, project.path("said.log")],
    cwd: project.dir,
  }).spawn();
  try {
    await waitUntil("the manager listens", () => Deno.statSync(project.dir) && exists(socket));
    const hook = (word: string) =>
      `echo ${word} $BATON_GENERATION $BATON_CHANGED $BATON_FILE $BATON_LINE >> hooks`;
    await using baton = new Baton(project, [PYTHON, "app.py"], {
      args: [
        ...["--env-file", ".env", "--restart-signal", "USR1", "-w", "app.py"],
        ...["--on-ready", `${hook("ready")}; sleep 600 & echo $! > sleeper`],
        ...["--on-fail", hook("failed")],
      ],
      env: { GIVEN: "!", NOTIFY_SOCKET: socket },
    });
    await baton.up();
    await baton.prints("version 41! count 0");
    await baton.event("ready", ({ announced }) => announced);
    await waitUntil("the manager is told", () => exists(project.path("said.log")));
    assertMatch(project.read("said.log"), /^READY=1\nSTATUS=Generation 1 runs\n/);

    project.write(".env", "ANSWER=42\n");
    await baton.prints("version 42! count 1");
    await baton.event("ready", ({ generation }) => generation === 2);
    baton.kill("SIGUSR1");
    await baton.prints("version 42! count 2");
    await baton.event("ready", ({ generation }) => generation === 3);

    project.write("app.py", edit("VERSION = = 1"));
    assertEquals((await say(project.dir, "wait")).code, 1);
    const wanted = ["ready 1", "ready 2 .env", "ready 3", "failed 4 app.py app.py 4"];
    await waitUntil(
      "the hooks have run",
      () => wanted.every((line) => exists(project.path("hooks")) && lines(project).includes(line)),
    );
    const sleeper = await waitUntil("it has left something", () => {
      return exists(project.path("sleeper")) && Number(project.read("sleeper")) || null;
    });
    assertEquals(isAlive(sleeper), true);
    assertEquals(await baton.stop(), 0);
    await waitUntil("what a hook has left is gone", () => !isAlive(sleeper));
    await waitUntil(
      "the manager hears of the end",
      () => project.read("said.log").endsWith("STOPPING=1\n"),
    );
  } finally {
    manager.kill();
    await manager.status;
  }
});

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const lines = (project: Project) => project.read("hooks").split("\n").map((line) => line.trim());

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
