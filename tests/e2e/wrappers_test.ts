/** A program below a wrapper keeps its state, and goes with its whole tree. */
import { assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";

const UV = Deno.env.get("UV") ?? "uv";
/** It uses the Python that is there, and asks no registry. */
const UV_ENV = { UV_OFFLINE: "1", UV_PYTHON: PYTHON };

const WRAPPED: Readonly<Record<string, string[]>> = {
  "sh that executes it": ["sh", "-c", `exec ${PYTHON} app.py`],
  "sh that stays": ["sh", "-c", `${PYTHON} app.py; true`],
  "npm run": ["npm", "run", "--silent", "serve"],
  "uv run": [UV, "run", "app.py"],
};

for (const [wrapper, command] of Object.entries(WRAPPED)) {
  const missing = findOnPath(command[0]!) === null;
  if (missing) console.warn(`SKIPPED: below ${wrapper}, for "${command[0]}" is not installed`);
  Deno.test(`below ${wrapper}: state is kept, nothing is left`, { ignore: missing }, async () => {
    using project = new Project({
      "app.py": `import os\nprint("pids", os.getpid(), os.getppid(), flush=True)\n${COUNTING}`,
      "package.json": JSON.stringify({ scripts: { serve: `${PYTHON} app.py` } }),
    });
    await using baton = new Baton(project, command, { env: UV_ENV });
    await baton.event("armed");
    await baton.event("ready", ({ announced }) => announced);
    project.replace("app.py", "VERSION = 1", "VERSION = 2");
    await baton.event("ready", ({ generation, announced }) => generation === 2 && announced);
    await waitUntil("the state goes on", () => baton.stdout.includes("version 2 count 1"));
    assertEquals(await baton.stop(), 0);
    const pids = [...baton.stdout.matchAll(/^pids (\d+) (\d+)$/gm)].flatMap(([, ...ids]) => ids);
    assertEquals(pids.length, 4);
    for (const pid of pids) {
      assertEquals(exists(`/proc/${pid}/exe`), false);
    }
  });
}

Deno.test("a leader that exits 0 leaves a program that runs; when it crashes, the rest is swept", async () => {
  using project = new Project({ "app.sh": "echo read; sleep 613 >/dev/null 2>&1 & exit 0\n" });
  await using baton = new Baton(project, ["sh", "app.sh"], { args: ["--stop-timeout", "300ms"] });
  await baton.up();
  await baton.prints("read");
  project.write("app.sh", "sleep 614 >/dev/null 2>&1 & exit 3\n");
  await baton.event("ready", ({ generation }) => generation === 2);
  const { generation, status } = await baton.event("ended");
  assertEquals([generation, status], [2, { kind: "exited", code: 3 }], baton.transcript());
  project.write("app.sh", "ps -eo args | grep -c '[s]leep 61[34]'; sleep 600\n");
  await waitUntil("it counts what is left", (saw) => saw(baton.stdout).includes("0\n"));
});

Deno.test("a program that its leader left dies while it is asked: baton ends all the same", async () => {
  using project = new Project({
    "app.sh": `${PYTHON} app.py & exit 0\n`,
    "app.py": COUNTING.replace(
      "app.ready()",
      `import os, time
app.component("slow", lambda: print("stopping", flush=True) or time.sleep(600))
print("pid", os.getpid(), flush=True)
app.ready()`,
    ),
  });
  await using baton = new Baton(project, ["sh", "app.sh"]);
  await baton.event("ready", ({ announced }) => announced);
  baton.kill("SIGINT");
  await baton.prints("stopping");
  Deno.kill(Number(/^pid (\d+)$/m.exec(baton.stdout)?.[1]), "SIGKILL");
  assertEquals(await baton.end(), 0);
});

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
