/** Baton in a real terminal: Ctrl-C, keys, a debugger, colours, and the terminal as it was found. */
import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs/exists";
import { pause } from "../support/pause.ts";
import { PYTHON } from "../support/running.ts";
import { Terminal } from "../support/terminal.ts";
import { waitUntil } from "../support/wait_until.ts";
import { BATON, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";

function open(project: Project, args: readonly string[], command: readonly string[]): Terminal {
  return new Terminal([...BATON, ...args, "--", ...command], project.dir);
}

const CTRL_C = "\x03";
const app = [PYTHON, "app.py"];

Deno.test("Ctrl-C stops the program through its hook: the state is kept, the terminal as it was", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using terminal = open(project, [], app);
  await terminal.shows("version 1 count 0");
  await terminal.shows("Watches");
  await terminal.type(CTRL_C);
  assertEquals(await terminal.end(), { code: 0, restored: true });
  await using again = open(project, [], app);
  await again.shows("version 1 count 1");
  await again.type(CTRL_C);
  assertEquals(await again.end(), { code: 0, restored: true });
});

Deno.test("a second Ctrl-C ends it at once", async () => {
  using project = new Project({
    "app.sh": "trap '' TERM INT; echo up; while :; do sleep 0.1; done\n",
  });
  await using terminal = open(project, [], ["sh", "app.sh"]);
  await terminal.shows("up");
  await terminal.shows("Watches");
  await terminal.type(CTRL_C);
  await terminal.shows("Stops");
  await pause(250); // what comes sooner is the same one, passed on
  const before = performance.now();
  await terminal.type(CTRL_C);
  assertEquals((await terminal.end()).restored, true);
  assert(performance.now() - before < 3_000, "it waited for the stop timeout");
});

Deno.test("a closed terminal window stops the program through its hook", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using terminal = open(project, [], app);
  await terminal.shows("version 1 count 0");
  await terminal.shows("Watches");
  await terminal.close();
  assertEquals((await terminal.end()).code, 0);
  await using again = open(project, [], app);
  await again.shows("version 1 count 1");
});

Deno.test("a Python breakpoint works under baton", async () => {
  using project = new Project({ "app.py": edit("breakpoint()\nVERSION = 1") });
  await using terminal = open(project, [], app);
  await terminal.shows("(Pdb)");
  await terminal.type("p 1+1\n");
  await terminal.shows("\r\n2\r\n");
  await terminal.type("c\n");
  await terminal.shows("version 1 count 0");
  await terminal.type(CTRL_C);
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test("a program that is ended with the terminal in raw mode leaves it as it was found", async () => {
  using project = new Project({
    "app.py": "import time, tty\ntty.setraw(0)\nprint('raw', flush=True)\ntime.sleep(600)\n",
  });
  await using terminal = open(project, [], app);
  await terminal.shows("raw");
  await terminal.shows("Watches");
  Deno.kill(await terminal.pid(), "SIGTERM");
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test("a program that dies in raw mode leaves Ctrl-C to whoever reads that", async () => {
  using project = new Project({ "app.py": "import tty\ntty.setraw(0)\nraise SystemExit(1)\n" });
  await using terminal = open(project, [], app);
  await terminal.shows("Watches");
  await terminal.shows("Save a fix");
  await terminal.type(CTRL_C);
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test("a program that is ended while it draws leaves neither its screen, nor reports of the mouse, nor a hidden cursor", async () => {
  const draws = `import sys, time, tty
tty.setraw(0)
sys.stdout.write("\\x1b[?1049h\\x1b[?1003h\\x1b[?25ldrawn")
sys.stdout.flush()
time.sleep(600)
`;
  using project = new Project({ "app.py": draws });
  await using terminal = open(project, [], app);
  await terminal.shows("drawn");
  await terminal.shows("Watches");
  project.write("app.py", ")(");
  await terminal.shows("SyntaxError");
  const [, between = ""] = terminal.shown.split("drawn");
  const ended = between.slice(0, between.indexOf("SyntaxError"));
  for (const end of ["[?1049l", ";1003;", "[?25h"]) {
    assert(ended.includes(end), JSON.stringify(ended));
  }
  await terminal.type(CTRL_C);
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test("the program sees a terminal, and its size as it changes", async () => {
  using project = new Project({
    "app.py": `import os, signal, time
print("terminals", [os.isatty(descriptor) for descriptor in (0, 1, 2)], flush=True)
signal.signal(signal.SIGWINCH, lambda *_: print("columns", os.get_terminal_size().columns, flush=True))
print("up", flush=True)
while True: time.sleep(0.1)
`,
  });
  await using terminal = open(project, [], app);
  await terminal.shows("terminals [True, True, True]");
  await terminal.shows("up");
  await terminal.shows("Watches");
  await terminal.resize(123);
  await terminal.shows("columns 123");
  await terminal.type(CTRL_C);
  assertEquals((await terminal.end()).code, 0);
});

Deno.test("Ctrl-Z suspends the program as well, and fg wakes it", async () => {
  using project = new Project({
    "app.py": "import time\nwhile True: print('tick', flush=True); time.sleep(0.05)\n",
  });
  await using terminal = open(project, [], app);
  await terminal.shows("Watches");
  await terminal.type("\x1a");
  const resting = await waitUntil("it rests", async () => {
    const before = terminal.shown.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return terminal.shown.length === before && before;
  });
  Deno.kill(await terminal.pid(), "SIGCONT");
  await terminal.shows("tick", resting);
  await terminal.type(CTRL_C);
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

for (const key of ["\x1a", "\x1c"]) {
  const [name, what] = key === "\x1a" ? ["Ctrl-Z", "suspends it"] : ["Ctrl-\\", "stops it"];
  Deno.test(`with -I, ${name} ${what} as anywhere`, async () => {
    using project = new Project({ "app.sh": "echo up; exec sleep 600\n" });
    await using terminal = open(project, ["-I"], ["sh", "app.sh"]);
    await terminal.shows("up");
    await terminal.shows("Watches");
    await terminal.type("h"); // keys are read by now
    await terminal.shows("this help");
    await terminal.type(key);
    if (key === "\x1a") {
      const pid = await terminal.pid();
      await waitUntil(
        "it is suspended",
        () => /^State:\s+T/m.test(Deno.readTextFileSync(`/proc/${pid}/status`)),
      );
      Deno.kill(pid, "SIGCONT");
      const since = terminal.shown.length;
      await terminal.type("h");
      await terminal.shows("this help", since);
      await terminal.type(CTRL_C);
    }
    assertEquals(await terminal.end(), { code: 0, restored: true });
  });
}

Deno.test("a prompt that is killed leaves the next version a terminal with echo", async () => {
  const source = `import sys, time
V = 1
print("version", V, flush=True)
if V == 1: breakpoint()
print("got", sys.stdin.readline(), flush=True)
time.sleep(600)
`;
  using project = new Project({ "app.py": source });
  await using terminal = open(project, [], app);
  await terminal.shows("Watches");
  await terminal.shows("(Pdb)");
  project.replace("app.py", "V = 1", "V = 2");
  await terminal.shows("version 2");
  const since = terminal.shown.length;
  await terminal.type("hello\n");
  await terminal.shows("hello\r\ngot hello", since);
  await terminal.type(CTRL_C);
  assertEquals(await terminal.end(), { code: 0, restored: true });
});

Deno.test("in the background the program takes nothing of what is typed to the shell", async () => {
  using project = new Project({
    "app.sh": 'while IFS= read -r line; do echo "took $line"; done; echo "read all"; sleep 600\n',
  });
  const command = [...BATON, "--", "sh", "app.sh"].map((word) => `'${word}'`).join(" ");
  await using terminal = new Terminal(["bash", "--norc", "--noprofile", "-i"], project.dir, {
    PS1: "$ ",
  });
  await terminal.type(`${command} &\n`);
  await terminal.shows("read all");
  for (let line = 1; line <= 4; line++) {
    await terminal.type(`echo $((${line} + 1000))\n`);
    await terminal.shows(String(line + 1000));
  }
  assertEquals(terminal.shown.includes("took"), false);
  await terminal.type("kill %1; wait; exit\n");
  assertEquals((await terminal.end()).code, 0);
});

Deno.test("behind a proxy a failure is shown once in the terminal, and in pages, too", async () => {
  using project = new Project({ "app.py": 'raise RuntimeError("no " + "way")\n' });
  await using terminal = open(project, ["--proxy", "0", "--hold", "50ms"], app);
  await terminal.shows("see above");
  const [, port] = /localhost:(\d+)/.exec(terminal.shown)!;
  const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  assert(page.includes("RuntimeError: no way"), page);
  assertEquals(terminal.shown.split("RuntimeError: no way").length, 2, terminal.shown);
  await terminal.type(CTRL_C);
  assertEquals((await terminal.end()).restored, true);
});

const ASKS = `import getpass, os, signal, sys, time
def save(*_):
    time.sleep(0.3)
    with open(os.environ["BATON_STATE_OUT"], "w") as out: out.write(got)
    os._exit(0)
signal.signal(signal.SIGTERM, save)
got = "nothing"
if os.path.exists(os.environ["BATON_STATE_FILE"]): print(f"kept {open(os.environ['BATON_STATE_FILE']).read()}")
while got != "right":
    got = getpass.getpass()
    print(f"got {got}", flush=True)  # In one piece, also where nothing is buffered.
print(f"line {sys.stdin.readline()}", flush=True)
print("Name? ", end="", flush=True)
print(f"name {open('/dev/tty').readline()}", flush=True)
getpass.getpass("Last: ")
`;

Deno.test(
  "a program asks on /dev/tty, what is typed meanwhile is hidden, and Ctrl-C there keeps its state",
  {
    ignore: Deno.build.os !== "linux",
  },
  async () => {
    using project = new Project({ "app.py": ASKS });
    await using terminal = open(project, [], app);
    let since = 0;
    for (const password of ["wrong", "right"]) {
      await terminal.shows("Password: ", since);
      await echoes(terminal, false);
      await terminal.type(`${password}\n`);
      await terminal.shows(`got ${password}`, since);
      since = terminal.shown.indexOf(`got ${password}`);
    }
    await echoes(terminal, true);
    await terminal.type("for stdin\n");
    await terminal.shows("line for stdin");
    await terminal.shows("Name? ");
    await echoes(terminal, false); // but the program's own terminal does
    await terminal.type("An\x7fnn\n");
    await terminal.shows("name Ann");
    await terminal.shows("Last: ");
    await echoes(terminal, false);
    await terminal.type("half\x03");
    assertEquals(await terminal.end(), { code: 0, restored: true });
    assertEquals(terminal.shown.split(/wrong|right|half/).length, 3, terminal.shown);
    await using again = open(project, [], app);
    await again.shows("kept right");
    await again.type(CTRL_C);
    assertEquals(await again.end(), { code: 0, restored: true });
  },
);

for (
  const [what, script] of [["has left", "python3 app.py &"], ["ends first", "python3 app.py; :"]]
) {
  Deno.test(`a program whose wrapper ${what} is not hung up`, async () => {
    using project = new Project({ "app.py": ASKS });
    await using terminal = open(project, [], ["sh", "-c", script!.replace("python3", PYTHON)]);
    await terminal.shows("Password: ");
    await terminal.shows("Watches");
    await terminal.type(CTRL_C);
    assertEquals(await terminal.end(), { code: 0, restored: true });
    await using again = open(project, [], app);
    await again.shows("kept nothing");
    await again.type(CTRL_C);
    assertEquals((await again.end()).code, 0);
  });
}

Deno.test("a program is not hung up where baton is killed, and nobody reads what it writes to /dev/tty", async () => {
  using project = new Project({
    "app.py": `import os, time
baton = os.getppid()
with open("/dev/tty", "w") as terminal:
    print("asks", end="", file=terminal, flush=True)
    while os.getppid() == baton: time.sleep(0.02)
    for _ in range(100): print("x" * 10_000, file=terminal, flush=True)
open("survived", "w").close()
`,
  });
  await using terminal = open(project, ["-w", "app.py"], app);
  await terminal.shows("asks");
  Deno.kill(await terminal.pid(), "SIGKILL");
  await waitUntil("it has survived", () => existsSync(project.path("survived")));
});

/** Waits until what is typed is shown by the terminal, or is not. */
function echoes(terminal: Terminal, wanted: boolean): Promise<unknown> {
  return waitUntil(`echo is ${wanted}`, async () => await terminal.echoes() === wanted);
}
