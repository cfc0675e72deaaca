/** A program that is stopped when it is to leave: woken, or waited for, and not killed. */
import { assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";

const linuxOnly = { ignore: Deno.build.os !== "linux" };
const debuggerPath = new URL("../fixtures/debugs.py", import.meta.url).pathname;

const TELLS_ITS_PID = `import os\nprint("pid", os.getpid(), flush=True)\n`;

function pidOf({ stdout }: Baton): number {
  return Number(/^pid (\d+)$/m.exec(stdout)?.[1]);
}

for (
  const [level, app] of Object.entries({
    "0":
      `${TELLS_ITS_PID}VERSION = 1\nprint("version", VERSION, flush=True)\nimport time\ntime.sleep(600)\n`,
    "2": TELLS_ITS_PID + COUNTING,
  })
) {
  Deno.test(
    `a program that a signal has stopped is woken to leave: level ${level}`,
    linuxOnly,
    async () => {
      using project = new Project({ "app.py": app });
      const args = ["--stop-timeout", "60s", "--hook-timeout", "60s"];
      await using baton = new Baton(project, [PYTHON, "app.py"], { args });
      await baton.up();
      await baton.event("ready", ({ announced }) => announced || level === "0");
      await baton.line(/^version 1/m);
      Deno.kill(pidOf(baton), "SIGSTOP");
      project.replace("app.py", "VERSION = 1", "VERSION = 2");
      await baton.line(level === "2" ? /^version 2 count 1$/m : /^version 2$/m);
      assertEquals(baton.count("escalated"), 0);
    },
  );
}

const STOPS_ITSELF = {
  "1": `import os, signal
def leave(*_):
    os.kill(os.getpid(), signal.SIGSTOP)
    open(os.environ["BATON_STATE_OUT"], "w").write("final")
    raise SystemExit
signal.signal(signal.SIGTERM, leave)
path = os.environ["BATON_STATE_FILE"]
print("version", VERSION, open(path).read() if os.path.exists(path) else "", flush=True)
while True: signal.pause()
`,
  "2": `import baton, os, signal
app = baton.join()
state = app.restore("")
app.component("stops", lambda: os.kill(os.getpid(), signal.SIGSTOP), timeout=60)
saved = []
def save():
    saved.append("checkpoint" if not saved else "final")
    return saved[-1]
app.on_save(save)
app.ready()
print("version", VERSION, state, flush=True)
app.wait()
`,
};

Deno.test(
  "a program that is stopped while it stops is given its time once more",
  linuxOnly,
  async () => {
    await Promise.all(
      Object.values(STOPS_ITSELF).map(async (app) => {
        using project = new Project({ "app.py": `VERSION = 1\n${app}` });
        const args = ["--stop-timeout", "3s", "--hook-timeout", "3s"];
        await using baton = new Baton(project, [PYTHON, "app.py"], { args });
        await baton.up();
        await baton.line(/^version 1/m);
        await baton.event("ready", ({ announced }) => announced || !app.includes("baton"));
        project.replace("app.py", "VERSION = 1", "VERSION = 2");
        await baton.line(/^version 2/m);
        assertMatch(baton.stdout, /^version 2 final$/m);
        assertEquals([baton.count("escalated"), baton.count("hook")], [0, 0], baton.transcript());
      }),
    );
  },
);

Deno.test(
  "a program that a debugger holds is waited for, told of once, and saves what it has",
  linuxOnly,
  async () => {
    using project = new Project({ "app.py": TELLS_ITS_PID + COUNTING });
    const args = ["--stop-timeout", "100ms", "--hook-timeout", "100ms"];
    await using baton = new Baton(project, [PYTHON, "app.py"], { args });
    await baton.event("armed");
    await baton.event("ready", ({ announced }) => announced);
    const debugging = new Deno.Command(PYTHON, {
      args: [debuggerPath, String(pidOf(baton))],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = debugging.stdout.getReader();
    const { value } = await reader.read();
    assertMatch(new TextDecoder().decode(value), /halted/);
    project.replace("app.py", "VERSION = 1", "VERSION = 2");
    const { what, where } = await baton.event("warning", ({ what }) => /debugger/.test(what));
    assertEquals([what, where], [
      "Generation 1 is held by a debugger, and is waited for",
      `process ${pidOf(baton)}`,
    ]);
    await debugging.stdin.close(); // it lets it go on
    await debugging.status;
    await reader.cancel();
    await waitUntil("the state goes on", () => baton.stdout.includes("version 2 count 1"));
    assertEquals([baton.count("escalated"), baton.count("warning")], [0, 1], baton.transcript());
  },
);
