/** Programs of several processes: whose state counts, and who is told to leave. */
import { assert, assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Baton, Project } from "./baton.ts";
import { fixture, Stage } from "./fixtures.ts";

Deno.test("a master that takes no part is signaled once its worker has left as it was told", async () => {
  await using stage = new Stage(fixture("forks_its_worker.py"), {
    args: ["--handoff", "sequential"],
  });
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  stage.touch();
  await baton.prints("worker resumes at 2");
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals(ready.state.envelope.generation, 1);
  assertEquals(baton.count("escalated"), 0, baton.transcript());
  assert(!baton.transcript().includes("did not leave"), baton.transcript());
});

const WORKER = `import os, sys, threading, time, baton
VERSION = 1
app = baton.join()
state = app.restore({"n": 0})
print("version", VERSION, "at", state["n"], flush=True)
app.on_save(lambda: dict(state))
app.ready()
def run():
    while True:
        time.sleep(0.005)
        state["n"] += 1
        if state["n"] == 20 and not os.path.exists("crashed"):
            app.checkpoint()
            open("crashed", "w").close()
            os._exit(1)
threading.Thread(target=run, daemon=True).start()
app.wait()
`;

Deno.test("a worker that is started anew goes on from the last checkpoint, and its state counts", async () => {
  using project = new Project({ "worker.py": WORKER });
  const loop = `while :; do ${PYTHON} worker.py && break; done`;
  await using baton = new Baton(project, ["sh", "-c", loop], { args: ["-i", "crashed"] });
  await baton.event("armed");
  await baton.prints("version 1 at 20");
  await baton.event("ready", ({ announced }) => announced);
  project.write("worker.py", WORKER.replace("VERSION = 1", "VERSION = 2"));
  const ready = await baton.event("ready", ({ from }) => from === 1);
  assertEquals(ready.state.envelope.kind, "final");
  const at = Number(/version 2 at (\d+)/.exec(baton.stdout)?.[1]);
  assert(at > 20, baton.transcript());
  assertEquals(baton.count("state-rejected"), 0, baton.transcript());
});

const PART = `import sys, baton
app = baton.join()
state = app.restore({"runs": 0})
state["runs"] += 1
print(sys.argv[1], "runs for the", state["runs"], flush=True)
app.on_save(lambda: state)
app.ready()
`;

Deno.test("of two steps of which each takes part, the state of the one that runs is handed over", async () => {
  using project = new Project({ "part.py": PART, "app.py": `${PART}app.wait()\n` });
  const line = `${PYTHON} part.py first && ${PYTHON} app.py second`;
  await using baton = new Baton(project, ["sh", "-c", line]);
  await baton.event("armed");
  await baton.line(/^second runs for the \d$/m);
  await baton.event("ready", ({ announced }) => announced);
  project.write("app.py", `${PART}app.wait() # changed\n`);
  const ready = await baton.event("ready", ({ from }) => from === 1);
  assertEquals(ready.state.envelope.kind, "final");
  assertEquals(baton.count("hook"), 0, baton.transcript());
});

const MAIN = `import subprocess, sys, baton
app = baton.join()
state = app.restore({"who": "main"})
print("resumes from", state["who"], flush=True)
subprocess.Popen([sys.executable, "worker.py"])
app.on_save(lambda: state)
app.ready()
app.wait()
`;
const SLOW_WORKER = `import time, baton
app = baton.join()
app.restore(None)
app.component("slow", lambda: time.sleep(0.3))
app.on_save(lambda: {"who": "worker"})
app.ready()
app.wait()
`;

Deno.test("where baton dies, each participant saves to a place of its own, and the first counts", async () => {
  using project = new Project({ "main.py": MAIN, "worker.py": SLOW_WORKER });
  await using baton = new Baton(project, [PYTHON, "main.py"]);
  await baton.event("armed");
  const { first, other } = await baton.event("participants");
  assert(first !== other, baton.transcript());
  Deno.kill(baton.pid, "SIGKILL");
  await baton.status;
  await using next = new Baton(project, [PYTHON, "main.py"]);
  await next.prints("resumes from main");
  await next.event("armed");
  const { adopted } = await next.event("orphans");
  assertEquals(adopted, true);
});
