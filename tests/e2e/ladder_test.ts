/** Changes that take less than a restart, and commands before one, with real programs. */
import { assert, assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { say } from "./say.ts";

const PROGRAM = `import json, threading, baton
app = baton.join()
state = app.restore({"count": 0})
kept = {"count": state["count"]}

@app.on_change("data/*.json")
def read(paths):
    for path in paths:
        with open(path) as file:
            print("told", path, json.load(file), flush=True)

def start(saved):
    if open("settings.txt").read().strip() == "bad":
        raise ValueError("bad settings")
    kept["count"] = saved + 1
    print("started with", saved, flush=True)

app.component("count", lambda: kept.update(count=kept["count"]), save=lambda: kept["count"], start=start)
app.component("http", lambda: print("stopped", flush=True), start=lambda: None, serves=True)
print("restored", state["count"], flush=True)
app.wait()
`;

const RULES = ["data/*.json=notify", "settings.txt=recycle", "src/*=run:sh build.sh"];
const args = RULES.flatMap((rule) => ["--rule", rule]);

Deno.test("a Python program is told, recycled, built for and restarted, each as the rules say", async () => {
  using project = new Project({
    "app.py": PROGRAM.replace('{"count": 0}', '{"count": {"count": 0}}').replace(
      'state["count"]}',
      'state["count"]["count"] if isinstance(state["count"], dict) else state["count"]}',
    ).replace('print("restored", state["count"]', 'print("restored", kept["count"]'),
    ".gitignore": "data/\nout/\n",
    "data/levels.json": "1",
    "data/cache.db": "1",
    "settings.txt": "good",
    "src/a.txt": "good",
    "build.sh":
      'mkdir -p out; cp src/a.txt built.txt; echo "built $(cat src/a.txt)"; grep -q good src/a.txt',
  });
  await using baton = new Baton(project, [PYTHON, "app.py"], { args });
  await baton.event("preparing"); // before the first start
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  await baton.trees();

  project.write("data/levels.json", "2"); // though .gitignore leaves it out
  const told = await baton.event("updated");
  assertEquals([told.rung, told.changed, told.generation], ["notify", ["data/levels.json"], 1]);
  await baton.prints("told data/levels.json 2");
  assertEquals(JSON.parse((await say(project.dir, "status", "--json")).stdout).changed, []);
  assertEquals((await say(project.dir, "wait")).code, 0);

  project.write("settings.txt", "better");
  const recycled = await baton.event("updated", ({ rung }) => rung === "recycle");
  assertEquals(recycled.generation, 1);
  assert(recycled.timings.darkMs >= 0);
  await baton.prints("started with 0");

  project.write("src/a.txt", "bad"); // the build fails: the old version goes on
  const failed = await baton.event("command-failed");
  assertEquals([failed.generation, failed.live, failed.status.code], [2, 1, 1]);
  assert(baton.events.some(({ type, line }) => type === "command-output" && line === "built bad"));
  const verdict = await say(project.dir, "wait");
  assertEquals(verdict.code === 0, false);
  project.write("src/a.txt", "good again");
  const served = (of: number) =>
    baton.event("ready", ({ generation, announced }) => generation === of && announced);
  const built = await served(2);
  assertEquals(built.changed.includes("src/a.txt"), true);
  await baton.prints("restored 1"); // what the recycle had counted

  project.write("data/levels.json", "not JSON"); // refused: a restart, which says why and where
  const restarted = await served(3);
  const [refusal] = restarted.refusals;
  assertEquals([refusal.rung, refusal.file, refusal.line], ["notify", "app.py", 10]);

  project.write("settings.txt", "bad"); // it stops, and does not start again: nothing is lost
  const fallen = await served(4);
  assertEquals(fallen.refusals[0].rung, "recycle");
  await waitUntil("it is restored", () => baton.stdout.split("restored 1").length >= 4);
  assertEquals(baton.count("candidate-failed"), 0);
  assertEquals(await baton.stop(), 0);
});

const SLOW = `trap 'echo ended >>ended.txt; exit 1' TERM
cp src/a.txt begun.txt
while ! grep -q quick src/a.txt; do sleep 0.05 & wait; done
`;

Deno.test("a newer save ends the commands with all that they started, and so does Ctrl-C", async () => {
  using project = new Project({
    "src/a.txt": "quick",
    "build.sh": SLOW,
    "app.sh": "exec sleep 60",
  });
  const own = ["--rule", "src/*=run:sh build.sh", "--rule", "*.txt=ignore"];
  await using baton = new Baton(project, ["sh", "app.sh"], { args: own });
  await baton.up();
  const begun = (text: string) =>
    waitUntil(`the build of ${text} began`, () => project.read("begun.txt").includes(text));
  project.write("src/a.txt", "slow");
  await begun("slow");
  project.write("src/a.txt", "slower");
  await begun("slower");
  const before = project.read("ended.txt"); // once, or more often where half of a save was seen
  assert(before.startsWith("ended\n"));
  assertEquals(await baton.stop(), 0);
  // Where the machine is so busy that its half second is over first, it is killed.
  assert([before, `${before}ended\n`].includes(project.read("ended.txt")));
  assertEquals(baton.count("ready"), 1);
});

/** Writes a new text into what its own rule names, and goes on once it may. */
const GENERATES = `date +%s%N >src/gen.txt
cp src/a.txt seen.txt
while grep -q wait may.txt; do sleep 0.05; done
cp seen.txt built.txt
`;

Deno.test("a build that writes what its rule names comes to its end, is told of once, and a save begins it anew", async () => {
  using project = new Project({
    "src/a.txt": "1",
    "may.txt": "go",
    "build.sh": GENERATES,
    "app.sh": "echo built $(cat built.txt); exec sleep 60",
  });
  const own = ["--rule", "src/*=run:sh build.sh", "--rule", "*.txt=ignore"];
  await using baton = new Baton(project, ["sh", "app.sh"], { args: own });
  await baton.up();
  const sees = (text: string) =>
    waitUntil(`the build of ${text} began`, () => project.read("seen.txt").trim() === text);
  project.write("may.txt", "wait");
  project.write("src/a.txt", "2");
  await sees("2");
  project.write("src/a.txt", "3");
  await sees("3");
  project.write("may.txt", "go");
  await baton.prints("built 3");
  await baton.event("ready", ({ generation }) => generation === 2);
  // Who has it open in the moment of a look is known to write it, and it is left out for that alone.
  const told = baton.events.filter(({ type, what }) =>
    (type === "warning" || type === "notice") && what?.includes("src/gen.txt")
  ).map(({ what }) => what);
  assertEquals([told.length > 0, new Set(told).size], [true, told.length], baton.transcript());
  assertEquals(baton.count("ready"), 2, baton.transcript());
});

const TYPESCRIPT = (client: string) =>
  `import { hot, join, onReload } from ${JSON.stringify(client)};
const baton = await join();
const gui = await hot(() => import("./draw.js"));
onReload(() => console.log("drawn", gui.draw()));
const state = await baton.restore({ count: 0 });
let count = state.count;
baton.onChange("*.json", async ([path]) => console.log("told", JSON.parse(await Deno.readTextFile(path))));
baton.component("loop", () => {}, { save: () => count, start: (saved) => { count = saved + 1; console.log("started", count); } });
baton.onSave(() => ({ count }));
const alive = setInterval(() => {}, 1_000);
baton.stopped.then(() => clearInterval(alive));
baton.ready();
`;

Deno.test("a Deno program is told, takes a module in place, goes on where that does not compile, and is recycled", async () => {
  const client = new URL("../../lib/client/mod.ts", import.meta.url).href;
  using project = new Project({
    "app.ts": TYPESCRIPT(client).replace("[path])", "[path]: readonly string[])").replace(
      "await Deno.readTextFile(path)",
      "await Deno.readTextFile(path!)",
    ).replace("(saved) =>", "(saved: unknown) =>").replace("saved + 1", "(saved as number) + 1"),
    "draw.js": "export const draw = () => 1;\n",
    "data.json": "1",
    "settings.txt": "a",
  });
  const rules = ["*.json=notify", "draw.js=reload", "settings.txt=recycle"];
  const own = rules.flatMap((rule) => ["--rule", rule]);
  const command = [Deno.execPath(), "run", "-A", "--quiet", "--no-config", "app.ts"];
  await using baton = new Baton(project, command, { args: own });
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  await baton.trees();
  project.write("draw.js", "export const draw = () => (;\n");
  await baton.prints("drawn 1");
  const failed = await baton.event("candidate-failed");
  assertEquals([failed.live, failed.lines], [1, ["draw.js:1"]], baton.transcript());
  project.write("draw.js", "export const draw = () => 2;\n");
  await baton.prints("drawn 2");
  project.write("data.json", "2");
  await baton.prints("told 2");
  project.write("settings.txt", "b");
  await baton.prints("started 1");
  const { generation } = await baton.event("updated", ({ rung }) => rung === "recycle");
  assertEquals(generation, 1);
  project.write("data.json", "{"); // not JSON
  const ready = await baton.event("ready", ({ from, announced }) => from === 1 && announced);
  const [{ rung, file, line }] = ready.refusals;
  assertEquals([rung, file, line], ["notify", "app.ts", 7]);
});
