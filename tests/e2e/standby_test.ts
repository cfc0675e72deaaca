/** A process that is parked for the next generation, from its warming to its end, whatever happens to it. */
import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, type BatonOptions, Project } from "./baton.ts";

const packages = new URL("../standby/packages/", import.meta.url).pathname.slice(0, -1);
const OPTIONS: BatonOptions = {
  args: ["--standby", "auto"],
  env: { PYTHONPATH: packages },
};

const TAKES_PART = `VERSION = 1
import json, slow, os, baton
app = baton.join()
state = app.restore({"count": 0})
app.on_save(lambda: {"count": state["count"] + 1})
print("version", VERSION, "count", state["count"], "of", os.environ["BATON_GENERATION"], flush=True)
app.ready()
app.wait()
`;

const ALONE = `VERSION = 1
import json, slow, time, os
print("version", VERSION, "pid", os.getpid(), flush=True)
time.sleep(600)
`;

/** Every living Python that runs in this project. */
function processesIn(project: Project): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) =>
    linkOf(`/proc/${pid}/cwd`) === project.dir && linkOf(`/proc/${pid}/exe`).includes("python")
  );
}

function linkOf(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return "";
    }
    throw error;
  }
}

/** The interpreter itself, where what is found on PATH is a script that looks for it. */
const INTERPRETER = new TextDecoder().decode(
  new Deno.Command(PYTHON, { args: ["-c", "import sys; print(sys.executable)"] }).outputSync()
    .stdout,
).trim();

function parked(baton: Baton, generation: number) {
  const isFor = ({ news }: { news?: { type: string; generation?: number } }) =>
    news?.type === "parked" && news.generation === generation;
  return baton.event("standby", (event) => isFor(event as never));
}

function save(project: Project, version: number): void {
  project.swap("app.py", project.read("app.py").replace(/VERSION = \d+/, `VERSION = ${version}`));
}

Deno.test("one generation after the other comes from standby, with its state and its number", async () => {
  using project = new Project({ "app.py": TAKES_PART });
  await using baton = new Baton(project, [PYTHON, "app.py"], OPTIONS);
  await baton.up();
  for (const generation of [2, 3, 4]) {
    const { news } = await parked(baton, generation);
    assertEquals(news.cut, null);
    save(project, generation);
    const ready = await baton.event("ready", (event) => event.generation === generation);
    assertEquals([ready.standby, ready.mode], [{ type: "standby" }, "overlapped"]);
    await baton.prints(`version ${generation} count ${generation - 1} of ${generation}`);
  }
  assertEquals(await baton.stop(), 0);
  assertEquals(processesIn(project), []);
});

Deno.test("with --standby own, from its second edit on a module of the project is all that is loaded", async () => {
  using project = new Project({
    "app.py": TAKES_PART.replace("VERSION = 1", "import views, models\nfrom leaf import VERSION"),
    "models.py": "class Item: pass\n",
    "views.py": "from models import Item\ndef show(): return Item()\n",
    "leaf.py": "from models import Item\nVERSION = 1\n",
  });
  await using baton = new Baton(project, [PYTHON, "app.py"], {
    ...OPTIONS,
    args: ["--standby", "own"],
  });
  await baton.up();
  for (const [generation, from] of [[2, "cold"], [3, "standby"], [4, "standby"]] as const) {
    const { news } = await parked(baton, generation);
    assertEquals(news.cut, null);
    project.swap("leaf.py", `from models import Item\nVERSION = ${generation}\n`);
    const ready = await baton.event("ready", (event) => event.generation === generation);
    assertEquals(ready.standby?.type, from);
    await baton.prints(`version ${generation} count ${generation - 1} of ${generation}`);
  }
});

Deno.test("a program that takes no part comes from standby, in sequence", async () => {
  using project = new Project({ "app.py": ALONE });
  await using baton = new Baton(project, [PYTHON, "app.py"], OPTIONS);
  await baton.up();
  for (const generation of [2, 3]) {
    await parked(baton, generation);
    save(project, generation);
    const ready = await baton.event("ready", (event) => event.generation === generation);
    assertEquals(ready.standby, { type: "standby" });
    await baton.line(new RegExp(`^version ${generation} pid`, "m"));
  }
  assertEquals(await baton.stop(), 0);
  assertEquals(processesIn(project), []);
});

const SERVES = `VERSION = 1
import json, slow, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps([VERSION, sys.argv[2], self.server.server_port]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

assert sys.argv[1] == "--at=127.0.0.1:" + os.environ["PORT"]
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`;

Deno.test("behind the proxy what is parked has the port of the generation to come, if that is still free", async () => {
  using project = new Project({ "app.py": SERVES });
  // Told in every way there is.
  await using baton = new Baton(project, [PYTHON, "app.py", "--at=127.0.0.1:{port}", "{port}"], {
    ...OPTIONS,
    args: [...OPTIONS.args!, "--proxy", "0"],
  });
  await baton.up();
  const { port } = await baton.event("proxying");
  const portFor = (generation: number) =>
    processesIn(project)
      .map((pid) => Deno.readTextFileSync(`/proc/${pid}/environ`))
      .filter((env) => env.includes(`\0BATON_GENERATION=${generation}\0`))
      .map((env) => Number(/\0PORT=(\d+)/.exec(env)?.[1]))[0]!;
  const answers = async (generation: number, standby: object) => {
    save(project, generation);
    const ready = await baton.event("ready", (event) => event.generation === generation);
    assertEquals([ready.mode, ready.standby], ["swapped", standby]);
    const [version, told, own] = await (await fetch(`http://127.0.0.1:${port}/`)).json();
    assertEquals([version, Number(told)], [generation, own]);
    return own;
  };
  for (const generation of [2, 3]) {
    await parked(baton, generation);
    const waiting = portFor(generation);
    assertEquals(await answers(generation, { type: "standby" }), waiting);
  }
  await parked(baton, 4);
  using _taken = Deno.listen({ hostname: "127.0.0.1", port: portFor(4) });
  await answers(4, { type: "cold", why: "it is started in another way" });
  assertEquals(await baton.stop(), 0);
  assertEquals(processesIn(project), []);
});

Deno.test("what is parked ends with a baton that is killed", async () => {
  using project = new Project({ "app.py": ALONE });
  await using baton = new Baton(project, [PYTHON, "app.py"], OPTIONS);
  await baton.up();
  await parked(baton, 2);
  const [live] = [...baton.stdout.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
  assertEquals(processesIn(project).length, 2);
  baton.kill("SIGKILL");
  await waitUntil("what was parked is gone", (saw) => {
    const left = saw(processesIn(project));
    return left.length === 1 && left[0] === live;
  });
  await using next = new Baton(project, [PYTHON, "app.py"], OPTIONS);
  await next.event("orphans", ({ pids }) => pids.includes(live));
});

Deno.test("a parked process that is killed costs a cold start, and another is parked", async () => {
  using project = new Project({ "app.py": TAKES_PART });
  await using baton = new Baton(project, [PYTHON, "app.py"], OPTIONS);
  await baton.up();
  await parked(baton, 2);
  const waiting = processesIn(project).find((pid) =>
    Deno.readTextFileSync(`/proc/${pid}/environ`).includes("BATON_STANDBY=park:")
  );
  Deno.kill(waiting!, "SIGKILL");
  save(project, 2);
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals(ready.standby.type === "cold" || ready.standby.type === "standby", true);
  await baton.prints("version 2 count 1 of 2");
  await parked(baton, 3);
  save(project, 3);
  const next = await baton.event("ready", ({ generation }) => generation === 3);
  assertEquals(next.standby, { type: "standby" });
});

Deno.test("a save while it is warmed starts cold", async () => {
  using project = new Project({ "app.py": TAKES_PART.replace("slow", "slow, slower") });
  const site = Deno.makeTempDirSync({ prefix: "baton-site-" });
  try {
    Deno.writeTextFileSync(`${site}/slower.py`, "import time\ntime.sleep(2)\n");
    const env = { PYTHONPATH: `${packages}:${site}` };
    await using baton = new Baton(project, [PYTHON, "app.py"], { ...OPTIONS, env });
    await baton.up();
    await baton.event("ready", ({ announced }) => announced);
    await waitUntil("another process is there", () => processesIn(project).length === 2);
    save(project, 2);
    const ready = await baton.event("ready", ({ generation }) => generation === 2);
    assertEquals(ready.standby, { type: "cold", why: "no process was parked for it yet" });
    await baton.prints("version 2 count 1 of 2");
    await waitUntil("no third is left", () => processesIn(project).length <= 2);
  } finally {
    Deno.removeSync(site, { recursive: true });
  }
});

Deno.test("an edit that starts over is a cold start, and the next comes from standby", async () => {
  using project = new Project({ "app.py": TAKES_PART });
  await using baton = new Baton(project, [PYTHON, "app.py"], OPTIONS);
  await baton.up();
  await parked(baton, 2);
  project.swap("app.py", TAKES_PART.replace("VERSION = 1", "VERSION = 2\nimport envy"));
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals(ready.standby.type, "cold");
  await baton.prints("version 2 count 1 of 2");
  await parked(baton, 3);
  save(project, 3);
  const next = await baton.event("ready", ({ generation }) => generation === 3);
  assertEquals(next.standby, { type: "standby" });
});

Deno.test("one that starts over late is learned as well as any other", async () => {
  const late = (version: number) =>
    `VERSION = ${version}
import json, os, time
print("version", VERSION, flush=True)
if VERSION > 1: os.environ["SLOWLY"] = "1"
import slow
print("up", VERSION, flush=True)
time.sleep(600)
`;
  using project = new Project({ "app.py": late(1) });
  await using baton = new Baton(project, [INTERPRETER, "app.py"], OPTIONS);
  await baton.up();
  await parked(baton, 2);
  project.swap("app.py", late(2));
  const over = await baton.event("ready", ({ generation }) => generation === 2);
  await baton.prints("up 2");
  const { news } = await parked(baton, 3);
  project.swap("app.py", late(3));
  const ready = await baton.event("ready", ({ generation }) => generation === 3);
  assertEquals([over.generation, news.cut, ready.standby], [2, null, { type: "standby" }]);
  await baton.prints("up 3");
  const again = await parked(baton, 4);
  assertEquals(again.news.modules, news.modules);
});

Deno.test("what a program imports after it has joined is loaded ahead, and what after the barrier is not", async () => {
  using project = new Project({
    "app.py": TAKES_PART.replace("import json, slow, os, baton", "import os, baton")
      .replace("app = baton.join()", "app = baton.join()\nimport threading, slow, sockety")
      .replace("app.ready()", "import envy, prints\napp.ready()"),
  });
  await using baton = new Baton(project, [PYTHON, "app.py"], OPTIONS);
  await baton.up();
  const { news } = await parked(baton, 2);
  assertEquals(news.cut, null);
  save(project, 2);
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals([ready.standby, ready.mode], [{ type: "standby" }, "overlapped"]);
  await baton.prints("version 2 count 1 of 2");
});

Deno.test("an edit that does not come up fails as ever, and the mended one starts cold", async () => {
  using project = new Project({ "app.py": TAKES_PART });
  await using baton = new Baton(project, [PYTHON, "app.py"], OPTIONS);
  await baton.up();
  await parked(baton, 2);
  project.swap("app.py", TAKES_PART.replace("VERSION = 1", "VERSION = 2\nraise SystemExit(3)"));
  const failed = await baton.event("candidate-failed");
  assertEquals([failed.generation, failed.status], [2, { kind: "exited", code: 3 }]);
  project.swap("app.py", TAKES_PART.replace("VERSION = 1", "VERSION = 3"));
  const ready = await baton.event("ready", ({ generation }) => generation === 3);
  assertEquals(ready.standby.type, "cold");
  await baton.prints("version 3 count 1 of 3");
});

Deno.test("a third-party file that changes makes what is parked void", async () => {
  const site = Deno.makeTempDirSync({ prefix: "baton-site-" });
  try {
    Deno.writeTextFileSync(`${site}/third.py`, "VALUE = 'old'\n");
    using project = new Project({
      "app.py": ALONE.replace("slow, ", "slow, third, ").replace('"pid"', "third.VALUE, 'pid'"),
    });
    const env = { PYTHONPATH: `${packages}:${site}` };
    await using baton = new Baton(project, [PYTHON, "app.py"], { ...OPTIONS, env });
    await baton.up();
    await baton.line(/version 1 old pid/);
    await parked(baton, 2);
    Deno.writeTextFileSync(`${site}/third.py`, "VALUE = 'new, and longer'\n");
    save(project, 2);
    await baton.line(/version 2 new, and longer pid/);
  } finally {
    Deno.removeSync(site, { recursive: true });
  }
});

Deno.test("nothing is parked below a command that does something before, or for one that runs exclusively", async () => {
  using project = new Project({
    "app.py": TAKES_PART,
    "exclusive.py": TAKES_PART.replace("join()", "join(exclusive=True)"),
  });
  const commands: Record<string, string[]> = {
    "its output is redirected": ["sh", "-c", `exec ${INTERPRETER} app.py > out.txt`],
    "another command runs before it, or beside it": ["sh", "-c", `ls; exec ${INTERPRETER} app.py`],
    "something was written before it began": [
      "sh",
      "-c",
      `echo begins; exec ${INTERPRETER} app.py`,
    ],
    "it runs exclusively": [PYTHON, "exclusive.py"],
  };
  for (const [why, command] of Object.entries(commands)) {
    await using baton = new Baton(project, command, {
      ...OPTIONS,
      args: [...OPTIONS.args!, "-i", "out.txt", "--fresh"],
    });
    await baton.up();
    await baton.event("standby", ({ news }) => news.type === "unparked" && news.why === why);
    assertEquals(await baton.stop(), 0);
  }
});

Deno.test("BATON_STANDBY=verify compares what a program can see cold and from standby", async () => {
  using project = new Project({ "app.py": ALONE });
  const env = { ...OPTIONS.env, BATON_STANDBY: "verify" };
  await using baton = new Baton(project, [PYTHON, "app.py"], { env, log: "text" });
  assertEquals((await baton.status).code, 0, baton.others.join("\n"));
  await baton.text("What it can see from standby is what it can see cold");
});
