/** Daemons that a program leaves behind: in no way to be lost, and gone with the generation they belong to. */
import { assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";

const linuxOnly = { ignore: Deno.build.os !== "linux" };

/** Forks twice, in a session and an environment of its own, and tells its pid. */
const DAEMON = `import os
first = os.fork()
if first == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve("/bin/sh", ["sh", "-c", 'echo "daemon $$"; exec sleep 600 >/dev/null 2>&1 <&1'], {"PATH": "/usr/bin:/bin"})
    os._exit(0)
os.waitpid(first, 0)
`;

function daemonsOf({ stdout }: Baton): number[] {
  return [...stdout.matchAll(/^daemon (\d+)$/gm)].map(([, pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (/no such process/i.test(String(error))) return false;
    throw error;
  }
}

const living = (baton: Baton) => daemonsOf(baton).filter(isAlive);

Deno.test(
  "a daemon in a clean environment goes with its generation, and with baton",
  linuxOnly,
  async () => {
    using project = new Project({ "app.py": `${DAEMON}import time\ntime.sleep(600)\n` });
    await using baton = new Baton(project, [PYTHON, "app.py"]);
    await baton.up();
    await waitUntil("a daemon", () => daemonsOf(baton).length === 1);
    project.replace("app.py", "sleep(600)", "sleep(601)");
    await waitUntil("the next daemon", () => daemonsOf(baton).length === 2);
    assertEquals(living(baton), daemonsOf(baton).slice(1), baton.transcript());
    assertEquals(await baton.stop(), 0);
    assertEquals(living(baton), []);
  },
);

Deno.test("a daemon that keeps its environment goes with its generation", linuxOnly, async () => {
  const daemon = DAEMON.replace('{"PATH": "/usr/bin:/bin"}', "os.environ");
  using project = new Project({ "app.py": `${daemon}import time\ntime.sleep(600)\n` });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("armed");
  await waitUntil("a daemon", () => daemonsOf(baton).length === 1);
  project.replace("app.py", "sleep(600)", "sleep(601)");
  await waitUntil("the next daemon", () => daemonsOf(baton).length === 2);
  assertEquals(living(baton), daemonsOf(baton).slice(1), baton.transcript());
  assertEquals(await baton.stop(), 0);
  assertEquals(living(baton), []);
});

Deno.test("of two generations at once, each has its own daemon", linuxOnly, async () => {
  const app = `${DAEMON}${COUNTING}`;
  using project = new Project({ "app.py": app });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  await waitUntil("a daemon", () => daemonsOf(baton).length === 1);
  project.replace("app.py", "app = baton.join()", "raise SystemExit(3)");
  await waitUntil("the candidate's daemon", () => daemonsOf(baton).length === 2);
  await baton.event("candidate-failed");
  await waitUntil("only the candidate's is gone", () => living(baton).length === 1);
  assertEquals(living(baton), daemonsOf(baton).slice(0, 1));
  project.write("app.py", app.replace("VERSION = 1", "VERSION = 2"));
  await waitUntil("the state goes on", () => baton.stdout.includes("version 2 count 1"));
  await waitUntil("only the newest is left", () => living(baton).length === 1);
  assertEquals(living(baton), daemonsOf(baton).slice(-1));
});

Deno.test(
  "what a baton that was killed left without its environment is ended by the next",
  linuxOnly,
  async () => {
    using project = new Project({ "app.py": `${DAEMON}import time\ntime.sleep(600)\n` });
    await using first = new Baton(project, [PYTHON, "app.py"]);
    await first.up();
    await waitUntil("a daemon", () => daemonsOf(first).length === 1);
    first.kill("SIGKILL");
    await first.status;
    assertEquals(living(first).length, 1);
    await using second = new Baton(project, [PYTHON, "app.py"]);
    await second.up();
    assertEquals(living(first), []);
  },
);

const missing = findOnPath("unshare") === null;
Deno.test("as the first process of a PID namespace baton reaps whoever has no parent", {
  ignore: missing || Deno.build.os !== "linux" || Deno.uid() !== 0,
}, async () => {
  using project = new Project({
    "app.sh": `for i in 1 2 3; do (setsid sh -c "sleep 0.1" &); done; echo begun; exec sleep 600\n`,
  });
  await using baton = new Baton(project, ["sh", "app.sh"], {
    below: ["unshare", "-pf", "--mount-proc", "--kill-child"],
  });
  await baton.up();
  const init = await waitUntil(
    "the first process",
    () => Deno.readTextFileSync(`/proc/${baton.pid}/task/${baton.pid}/children`).trim(),
  );
  project.write("app.sh", `${project.read("app.sh")}\n`);
  await waitUntil("two have begun", () => baton.stdout.split("begun").length === 3);
  await waitUntil("nobody is a zombie", (saw) => saw(zombiesBelow(Number(init))).length === 0);
  Deno.kill(Number(init), "SIGTERM");
  assertEquals(await baton.end(), 0);
});

function zombiesBelow(parent: number): string[] {
  const { stdout } = new Deno.Command("ps", { args: ["-eo", "ppid=,stat=,args="] }).outputSync();
  return new TextDecoder().decode(stdout).split("\n")
    .filter((row) => new RegExp(`^\\s*${parent} Z`).test(row));
}
