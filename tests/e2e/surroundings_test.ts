/** What others do to a program, to baton and to the folder they work in. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pause } from "../support/pause.ts";
import { findOnPath } from "../../tools/find_on_path.ts";
import { PYTHON } from "../support/running.ts";
import { Tmpfs } from "../support/tmpfs.ts";
import { BATON, Baton, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";

const app = [PYTHON, "app.py"];

const TELLS_PID = "import os; print('pid', os.getpid(), flush=True)\n";

/** The process that said last which it is. */
function pidOf(baton: Baton): number {
  return Number([...baton.stdout.matchAll(/^pid (\d+)$/gm)].at(-1)?.[1]);
}

async function serves(baton: Baton): Promise<void> {
  await baton.event("ready", ({ announced }) => announced);
}

async function countsFrom(project: Project, count: number): Promise<void> {
  await using baton = new Baton(project, app);
  await baton.prints(`version 1 count ${count}`);
}

for (const order of ["the program first", "baton first"]) {
  Deno.test(`SIGTERM to both, as at a shutdown, ${order}: the state is kept`, async () => {
    using project = new Project({ "app.py": TELLS_PID + COUNTING });
    await using baton = new Baton(project, app);
    await serves(baton);
    if (order === "baton first") baton.kill("SIGTERM");
    Deno.kill(pidOf(baton), "SIGTERM");
    if (order !== "baton first") baton.kill("SIGTERM");
    assertEquals(await baton.end(), 0);
    assertEquals(baton.events.at(-1)?.state?.envelope.generation, 1, baton.transcript());
    await countsFrom(project, 1);
  });
}

Deno.test("SIGTERM to a program that is being asked ends neither its stop functions nor its state", async () => {
  const component = 'import time\napp.component("slow", lambda: time.sleep(0.5))\napp.ready()';
  const slow = TELLS_PID + COUNTING.replace("app.ready()", component);
  using project = new Project({ "app.py": slow });
  await using baton = new Baton(project, app);
  await serves(baton);
  await baton.event("armed");
  Deno.kill(pidOf(baton), "SIGTERM");
  await pause(100);
  project.write("app.py", slow.replace("VERSION = 1", "VERSION = 2"));
  await baton.prints("version 2 count 1");
});

Deno.test("SIGTERM to a program that baton has asked already loses no state", async () => {
  const program = `import os, time, baton
app = baton.join()
count = app.restore(0)
app.component("slow", lambda: time.sleep(0.5))
app.on_save(lambda: count + 1)
print("pid", os.getpid(), flush=True)
print("version 1 count", count, flush=True)
app.ready()
while True:
    time.sleep(0.1)
`;
  using project = new Project({ "app.py": program });
  await using baton = new Baton(project, app);
  await serves(baton);
  baton.kill("SIGTERM");
  await pause(250);
  Deno.kill(pidOf(baton), "SIGTERM");
  assertEquals(await baton.end(), 0);
  assertEquals(baton.events.at(-1)?.state?.envelope.kind, "final", baton.transcript());
  await countsFrom(project, 1);
});

for (const signal of ["SIGQUIT", "SIGUSR1", "SIGUSR2"] as const) {
  Deno.test(`${signal} stops baton with its program, and leaves nobody behind`, async () => {
    using project = new Project({ "app.py": COUNTING });
    await using baton = new Baton(project, app);
    await serves(baton);
    assertEquals(await baton.stop(signal), 0);
    assertEquals(baton.events.at(-1)?.state?.envelope.kind, "final", baton.transcript());
  });
}

Deno.test("a participant that never answers does not lose what the program has saved", async () => {
  const deaf = `import json, os, socket
other = socket.socket(socket.AF_UNIX)
other.connect(os.environ["BATON_PIPE"])
hello = {"type": "hello", "protocol": 1, "pid": 1, "client": "deaf", "capabilities": [], "components": []}
other.sendall(json.dumps(hello).encode() + b"\\n")
app.ready()`;
  const program = COUNTING.replace("app.ready()", deaf);
  using project = new Project({ "app.py": program });
  const args = ["--hook-timeout", "500ms", "--stop-timeout", "500ms"];
  await using baton = new Baton(project, app, { args });
  await serves(baton);
  await baton.event("armed");
  project.write("app.py", program.replace("VERSION = 1", "VERSION = 2"));
  await baton.prints("version 2 count 1");
});

Deno.test("a worker that joins after a checkpoint gets the state that its program got", async () => {
  const program = `import subprocess, sys
import baton
app = baton.join()
state = app.restore({"who": "nobody"})
if len(sys.argv) > 1:
    print("worker", state["who"], flush=True)
    sys.exit(0)
app.on_save(lambda: {"who": "the program"})
app.ready()
app.checkpoint()
subprocess.run([sys.executable, __file__, "worker"])
app.wait()
`;
  using project = new Project({ "app.py": program });
  await using baton = new Baton(project, app);
  await baton.prints("worker nobody");
  await baton.event("armed");
  project.write("app.py", `${program}\n`);
  await baton.prints("worker the program");
});

Deno.test("a state folder that is removed, with the states in it, costs the state and nothing else", async () => {
  const exclusive = COUNTING.replace("join()", "join(exclusive=True)");
  using project = new Project({ "app.py": exclusive });
  await using baton = new Baton(project, app);
  await serves(baton);
  await baton.event("armed");
  project.write("app.py", exclusive.replace("VERSION = 1", "VERSION = 2"));
  await baton.prints("version 2 count 1");
  await baton.event("ready", ({ generation, announced }) => generation === 2 && announced);
  await pause(300);
  Deno.removeSync(project.path(".baton"), { recursive: true });
  project.write("app.py", exclusive.replace("VERSION = 1", "VERSION = 3"));
  await baton.prints("version 3 count 2");
});

Deno.test("a program that died and whose state was removed starts without it", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, app);
  await serves(baton);
  await baton.event("armed");
  project.write("app.py", TELLS_PID + edit("VERSION = 2"));
  await baton.prints("version 2 count 1");
  await baton.event("ready", ({ generation, announced }) => generation === 2 && announced);
  await pause(300);
  Deno.removeSync(project.path(".baton"), { recursive: true });
  Deno.kill(pidOf(baton), "SIGKILL");
  await baton.event("ended");
  project.write("app.py", edit("VERSION = 3"));
  await baton.prints("version 3 count 0");
  const warning = await baton.event("warning");
  assertStringIncludes(warning.what, "was removed from outside");
});

Deno.test("baton's own output may go to a file in the project", async () => {
  using project = new Project({ "app.sh": "while :; do echo tick; sleep 0.1; done\n" });
  const line = `exec "$@" -v -- sh app.sh > out.txt 2> err.txt`;
  await using child = new Deno.Command("sh", {
    args: ["-c", line, "sh", ...BATON],
    cwd: project.dir,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).spawn();
  await pause(3_000);
  assert(project.read("out.txt").includes("tick"));
  assert(!project.read("err.txt").includes("Generation 2"), project.read("err.txt"));
  child.kill("SIGINT");
  assertEquals((await child.status).code, 0);
});

Deno.test("the folder of the project, or one above, is no place for states", async () => {
  using project = new Project({ "app.py": COUNTING });
  for (const dir of [".", ".."]) {
    await using baton = new Baton(project, app, { args: ["--state-dir", dir], log: "text" });
    assertEquals(await baton.end(), 2);
    assertMatch(baton.transcript(), /Cannot keep states in ".+": the project is in it/);
  }
  assertEquals([...Deno.readDirSync(project.dir)].map(({ name }) => name), ["app.py"]);
});

Deno.test("a state folder that cannot be tidied at the end changes no exit status", async () => {
  using project = new Project();
  Deno.mkdirSync(project.path("states"));
  using tmpfs = Tmpfs.mount(project.path("states"), "1m");
  if (tmpfs === null) return;
  const args = ["--exit", "--state-dir", "states"];
  await using baton = new Baton(project, ["sh", "-c", "sleep 1; exit 7"], { args });
  await baton.up();
  await pause(300);
  tmpfs.remount("ro");
  assertEquals(await baton.end(), 7, baton.transcript());
  tmpfs.remount("rw");
});

Deno.test("where there is no room to lay a state out, a program without the pipe reads it where it is stored", async () => {
  const program = `import os, signal, sys, time
out, resumed = os.environ["BATON_STATE_OUT"], os.environ["BATON_STATE_FILE"]
n = int(open(resumed).read(9)) + 1 if os.path.exists(resumed) else 1
def leave(*_):
    with open(out + ".new", "w") as file:
        file.write(f"{n:<150000}")
    os.rename(out + ".new", out)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("run", n, flush=True)
time.sleep(600)
`;
  using project = new Project({ "app.py": program });
  Deno.mkdirSync(project.path("states"));
  using tmpfs = Tmpfs.mount(project.path("states"), "280k");
  if (tmpfs === null) return;
  await using baton = new Baton(project, app, { args: ["--state-dir", "states", "--keep", "1"] });
  await baton.prints("run 1");
  await baton.event("armed");
  project.write("app.py", `${program}\n`);
  await baton.prints("run 2");
  await baton.event("warning", ({ what }) => what.startsWith("Cannot lay out the state"));
});

Deno.test("a program that uses up baton's open files costs baton nothing", async () => {
  const greedy = `import os, socket, time
others = []
for _ in range(200):
    try:
        others.append(socket.socket(socket.AF_UNIX))
        others[-1].settimeout(0.2)
        others[-1].connect(os.environ["BATON_PIPE"])
    except OSError:
        break
time.sleep(1)
print("greedy", flush=True)
for other in others:
    other.close()
time.sleep(60)
`;
  using project = new Project({ "app.py": greedy });
  const below = ["sh", "-c", 'ulimit -n 100; exec "$@"', "sh"];
  await using baton = new Baton(project, app, { below });
  await baton.prints("greedy");
  await baton.event("armed");
  await pause(500);
  project.write("app.py", COUNTING);
  await baton.prints("version 1 count 0");
  assertEquals(await baton.stop(), 0);
});

Deno.test("a configuration that changes is said not to count yet", async () => {
  const config = (keep: number) => `{"command": ["${PYTHON}", "app.py"], "keep": ${keep}}`;
  using project = new Project({ "app.py": COUNTING, "baton.json": config(3) });
  await using baton = new Baton(project, app);
  await serves(baton);
  await baton.event("armed");
  project.write("baton.json", config(4));
  await baton.event("warning", ({ what }) => what.startsWith('"baton.json" changed, and baton'));
  await baton.prints("version 1 count 1");
  project.write("app.py", edit("VERSION = 2"));
  await baton.prints("version 2 count 2");
  assertEquals(baton.count("warning"), 1);
});

Deno.test("where TMPDIR can hold no pipe, it is made elsewhere", async () => {
  using project = new Project({ "app.py": COUNTING });
  const long = project.path("a".repeat(120));
  Deno.mkdirSync(long);
  for (const TMPDIR of [project.path("missing"), long]) {
    await using baton = new Baton(project, app, { env: { TMPDIR } });
    await serves(baton);
  }
});

const canMount = Deno.build.os === "linux" && Deno.uid() === 0 && findOnPath("unshare") !== null;
if (!canMount) console.warn("SKIPPED: a read-only /tmp, for that needs root and unshare");

/** Nothing can be written to /tmp, but for what is in the folder that is named. */
const READ_ONLY_TMP = `mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp &&
mount --bind "$1" "$1" && mount -o remount,bind,rw "$1" && cd "$1" && shift && exec "$@"`;

Deno.test({
  name: "where no pipe can be made, baton says what to do",
  ignore: !canMount,
  async fn() {
    using project = new Project({ "app.py": COUNTING });
    const below = ["unshare", "--mount", "sh", "-c", READ_ONLY_TMP, "sh", project.dir];
    const env = { TMPDIR: "/tmp", XDG_RUNTIME_DIR: "" };
    await using baton = new Baton(project, app, { below, env, log: "text" });
    assertEquals(await baton.end(), 2);
    assertStringIncludes(baton.transcript(), "Cannot make the pipes to the program: cannot ");
    assertStringIncludes(baton.transcript(), "with TMPDIR");
  },
});

Deno.test(
  "where no file may grow any more, baton says so and goes on: the signal for that ends it not",
  {
    ignore: findOnPath("prlimit") === null,
  },
  async () => {
    using project = new Project({ "app.sh": "echo begun; exec sleep 60\n" });
    await using baton = new Baton(project, ["sh", "app.sh"]);
    await baton.up();
    const args = ["--pid", String(baton.pid), "--fsize=0"];
    assert(new Deno.Command("prlimit", { args }).outputSync().success);
    project.replace("app.sh", "begun", "begun again");
    await baton.prints("begun again");
    assertMatch((await baton.event("warning")).what, /file too large$/);
    assertEquals(await baton.stop(), 0, baton.transcript());
  },
);

for (const log of ["text", "json"] as const) {
  Deno.test(`files that nobody can look at end nothing, be they the project's or in what the program says: ${log}`, async () => {
    const fails = `import mod, sys
print('  File "' + "a" * 300 + '.py", line 3', file=sys.stderr)
print('  File "loop.py", line 3', file=sys.stderr)
print("version", mod.VERSION, flush=True)
sys.exit(1)
`;
    using project = new Project({ "app.py": fails, "mod.py": "VERSION = 1\n" });
    for (const name of [".env", "__pycache__", "loop.py"]) {
      Deno.symlinkSync(name, project.path(name));
    }
    Deno.symlinkSync("a".repeat(300), project.path(".env.local"));
    await using baton = new Baton(project, app, { log });
    await baton.prints("version 1");
    await (log === "text" ? baton.text("Watches") : baton.event("armed"));
    project.write("mod.py", "VERSION = 2\n");
    await baton.prints("version 2");
    assertEquals(await baton.stop(), 0, baton.transcript());
  });
}
