/**
 * Walks at random over versions of a program with `--rewind auto`, and counts the steps after which another state is
 * served than the last that was saved under those files; and measures how long that takes from the save:
 *
 *     deno run -A $(deno run -A tools/registry_flags.ts) bench/rewind_bench.ts [--steps 1000] [--versions 20]
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Item, supervise } from "../mod.ts";

const { steps, versions } = parseArgs(Deno.args, {
  string: ["steps", "versions"],
  default: { steps: "1000", versions: "20" },
});

/** Its state is a list of the versions that it has been through, which each generation adds its own to. */
const PROGRAM = `import json, os, baton
app = baton.join()
version = open("version.txt").read()
state = app.restore([])
state.append([version, int(os.environ["BATON_GENERATION"])])
with open(os.environ["SAID"] + os.environ["BATON_GENERATION"], "w") as said:
    json.dump(state, said)
app.on_save(lambda: state)
app.ready()
app.wait()
`;

const dir = Deno.makeTempDirSync({ prefix: "baton-rewind-" });
const said = Deno.makeTempDirSync({ prefix: "baton-said-" });
Deno.env.set("SAID", `${said}/`);
Deno.writeTextFileSync(`${dir}/app.py`, PROGRAM);
Deno.writeTextFileSync(`${dir}/version.txt`, "0");
let ready: { generation: number; at: number; announced: boolean } | null = null;
const run = await supervise({
  command: ["python3", "app.py"],
  cwd: dir,
  keep: 4 * Number(versions),
  rewind: "auto",
  onEvent: (event: Item) => {
    if (event.type === "ready" && event.announced) {
      ready = { ...event, at: performance.now() };
    }
  },
});

async function readyAfter(generation: number): Promise<{ generation: number; at: number }> {
  while (ready === null || ready.generation <= generation) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return ready;
}

const stateOf = (generation: number) => Deno.readTextFileSync(`${said}/${generation}`);

let { generation } = await readyAfter(0);
while (run.status().tree === null) await new Promise((resolve) => setTimeout(resolve, 10));
/** By version: what the last generation of it has saved. */
const saved = new Map([["0", stateOf(generation)]]);
let at = "0";
let wrong = 0;
let returns = 0;
const tookMs: number[] = [];
for (let step = 0; step < Number(steps); step++) {
  const others = Array.from({ length: Number(versions) }, (_, each) => `${each}`)
    .filter((each) => each !== at);
  const next = others[Math.floor(Math.random() * others.length)]!;
  const before = saved.get(next) ?? saved.get(at)!;
  const isReturn = saved.has(next);
  const savedAt = performance.now();
  Deno.writeTextFileSync(`${dir}/version.txt`, next);
  const come = await readyAfter(generation);
  generation = come.generation;
  const wanted = JSON.stringify([...JSON.parse(before), [next, generation]]);
  const got = JSON.stringify(JSON.parse(stateOf(generation)));
  if (got !== wanted) {
    wrong += 1;
    console.log(`step ${step}, ${at} to ${next}: ${got.slice(-60)} for ${wanted.slice(-60)}`);
  }
  if (isReturn) {
    returns += 1;
    tookMs.push(come.at - savedAt);
  }
  at = next;
  saved.set(at, stateOf(generation));
}
run.stop("the benchmark");
await run.ended;
tookMs.sort((a, b) => a - b);
const quantile = (share: number) => (tookMs[Math.floor(tookMs.length * share)] ?? NaN).toFixed(0);
console.log(
  `${steps} steps over ${versions} versions, ${returns} of them back: ${wrong} wrong states`,
);
console.log(
  `Back from a save to its state served: ${quantile(0.5)} ms (99 %: ${quantile(0.99)} ms)`,
);
for (const folder of [dir, said]) Deno.removeSync(folder, { recursive: true });
Deno.exit(wrong === 0 ? 0 : 1);
