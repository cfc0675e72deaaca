/**
 * Asks baton, after random turns of edits, what became of them, and counts the verdicts that are about other
 * files than those on the disk; and measures how long a verdict comes after the program is ready, or has failed:
 *
 *     deno run -A $(deno run -A tools/registry_flags.ts) bench/verdict_bench.ts [--turns 1000]
 *
 * A turn is a save, a save that breaks the program, one that brings back what was there before, several at once,
 * all of that held and released, or any of it while another editor saves as well.
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Item, supervise, type Verdict } from "../mod.ts";

const { turns } = parseArgs(Deno.args, { string: ["turns"], default: { turns: "1000" } });
const dir = Deno.makeTempDirSync({ prefix: "baton-verdicts-" });
const FILES = ["a.txt", "b.txt", "c.txt"];

/** Reads the files, is broken by a word in them, and says what it has read. */
const PROGRAM = `import os, sys, baton
app = baton.join()
read = " ".join(open(name).read() for name in ${JSON.stringify(FILES)})
if "broken" in read:
    sys.exit(f"read {read}")
app.restore(None)
with open(os.environ["SAID"] + os.environ["BATON_GENERATION"], "w") as said:
    said.write(read)
app.on_save(lambda: 1)
app.ready()
app.wait()
`;

const said = Deno.makeTempDirSync({ prefix: "baton-said-" });
const disk = new Map(FILES.map((name) => [name, "0"]));
/** Every tree there was, and since when. */
const trees: { at: number; tree: string }[] = [];
const tree = () => FILES.map((name) => disk.get(name)).join(" ");

function save(name: string, text: string): void {
  disk.set(name, text);
  const path = `${dir}/${name}`;
  if (Math.random() < 0.5) Deno.writeTextFileSync(path, text);
  else {
    Deno.writeTextFileSync(`${said}/draft`, text);
    Deno.renameSync(`${said}/draft`, path);
  }
  trees.push({ at: performance.now(), tree: tree() });
}

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(Math.random() * from.length)]!;
}

let version = 0;
function edit(): void {
  const name = pick(FILES);
  const kind = Math.random();
  if (kind < 0.25) save(name, `broken${++version}`);
  else if (kind < 0.45) save(name, pick(["0", "1", "2"]));
  else save(name, `${++version}`);
}

function mend(): void {
  for (const [name, text] of disk) if (text.startsWith("broken")) save(name, `${++version}`);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the verdict says was on the disk; null where it says nothing of that. */
function spokenOf(verdict: Verdict): string | null {
  if (verdict.outcome === "ready") {
    return Deno.readTextFileSync(`${said}/${verdict.generation}`);
  }
  if (verdict.outcome !== "failed") return null;
  return /^read (.*)$/m.exec(verdict.lines.join("\n"))?.[1] ?? `? ${JSON.stringify(verdict)}`;
}

for (const name of FILES) save(name, "0");
Deno.writeTextFileSync(`${dir}/app.py`, PROGRAM);
Deno.env.set("SAID", `${said}/`);
const known: { at: number; generation: number }[] = [];
const run = await supervise({
  command: ["python3", "app.py"],
  cwd: dir,
  ext: ["txt"],
  onEvent: (event: Item) => {
    if (event.type === "ready" || event.type === "candidate failed") {
      known.push({ at: performance.now(), generation: event.generation });
    }
  },
});
const counts: Record<string, number> = {};
const lateMs: number[] = [];
let wrong = 0;

for (let turn = 0; turn < Number(turns); turn++) {
  const isHeld = Math.random() < 0.4;
  const isShared = Math.random() < 0.3;
  if (isHeld) await run.hold("turn", 60_000);
  const edits = 1 + Math.floor(Math.random() * 4);
  for (let i = 0; i < edits; i++) {
    edit();
    if (Math.random() < 0.5) await pause(Math.random() * 120);
  }
  const other = isShared
    ? (async () => {
      for (let i = 0; i < 3; i++) {
        await pause(Math.random() * 300);
        edit();
      }
    })()
    : Promise.resolve();
  const asked = performance.now();
  const before = tree();
  const verdict = isHeld ? (await run.release("turn", 20_000)).verdict! : await run.wait(20_000);
  const answered = performance.now();
  await other;
  counts[verdict.outcome] = (counts[verdict.outcome] ?? 0) + 1;
  const meant = isShared
    ? [before, ...trees.filter(({ at }) => at >= asked && at <= answered).map(({ tree }) => tree)]
    : [before];
  const spoken = spokenOf(verdict);
  if (spoken !== null && !meant.includes(spoken)) {
    wrong += 1;
    console.log(`turn ${turn}: "${spoken}" for ${JSON.stringify(meant)}`, verdict);
  }
  if (verdict.outcome === "changed" && !isShared) {
    wrong += 1;
    console.log(`turn ${turn}: said to have changed`, verdict);
  }
  const moment = known.findLast(({ generation }) =>
    "generation" in verdict && generation === verdict.generation
  );
  if (moment !== undefined && moment.at > asked) lateMs.push(answered - moment.at);
  if (Math.random() < 0.5) mend();
}
run.stop("the benchmark");
await run.ended;
lateMs.sort((a, b) => a - b);
const at = (share: number) => (lateMs[Math.floor(lateMs.length * share)] ?? NaN).toFixed(1);
console.log(`${turns} turns, ${wrong} wrong verdicts: ${JSON.stringify(counts)}`);
console.log(`A verdict comes ${at(0.5)} ms after what it is about (99 %: ${at(0.99)} ms)`);
for (const folder of [dir, said]) Deno.removeSync(folder, { recursive: true });
Deno.exit(wrong === 0 ? 0 : 1);
