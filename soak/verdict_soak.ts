/**
 * Asks baton, after random turns of edits, what became of them, and counts the verdicts that are about other
 * files than those on the disk; and measures how long a verdict comes after the program is ready, or has failed:
 *
 *     deno task soak:verdict [--turns 1000] [--seed NUMBER]
 *
 * A turn is a save, a save that breaks the program, one that brings back what was there before or changes nothing, a
 * file removed, several at once, all of that held and released, or any of it while another editor saves as well.
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Item, Verdict } from "../mod.ts";
import { quantile } from "../bench/handoff/quantiles.ts";
import { Random } from "./random.ts";
import { pause, Scene } from "./scene.ts";

const FILES = ["a.txt", "b.txt", "c.txt"];

/** Reads the files, is broken by a word in them, and says what it has read. */
const program = (said: string) =>
  `import os, sys, baton
app = baton.join()
def text(name):
    try:
        return open(name).read()
    except FileNotFoundError:
        return "gone"
read = " ".join(text(name) for name in ${JSON.stringify(FILES)})
if "broken" in read:
    sys.exit(f"read {read}")
app.restore(None)
with open(${JSON.stringify(said)} + os.environ["BATON_GENERATION"], "w") as said:
    said.write(read)
app.on_save(lambda: 1)
app.ready()
app.wait()
`;

/** What an editor does, and which trees there were by that. */
class Editor {
  readonly #disk = new Map(FILES.map((name) => [name, "0"]));
  readonly #trees: { readonly at: number; readonly tree: string }[] = [];
  #version = 0;

  constructor(private readonly scene: Scene, private readonly random: Random) {}

  get tree(): string {
    return [...this.#disk.values()].join(" ");
  }

  treesBetween(from: number, to: number): string[] {
    return this.#trees.filter(({ at }) => at >= from && at <= to).map(({ tree }) => tree);
  }

  edit(): void {
    const name = this.random.pick(FILES);
    const kind = this.random.next();
    if (kind < 0.25) this.#save(name, `broken${++this.#version}`);
    else if (kind < 0.42) this.#save(name, this.random.pick(["0", "1", "2"]));
    else if (kind < 0.5) this.#save(name, this.#disk.get(name)!);
    else if (kind < 0.55) this.#save(name, "gone");
    else this.#save(name, `${++this.#version}`);
  }

  mend(): void {
    for (const [name, text] of this.#disk) {
      if (text.startsWith("broken")) this.#save(name, `${++this.#version}`);
    }
  }

  #save(name: string, text: string): void {
    const wasGone = this.#disk.get(name) === "gone";
    this.#disk.set(name, text);
    if (text !== "gone") {
      if (this.random.happens(0.5)) this.scene.write(name, text);
      else this.scene.swap(name, text);
    } else if (!wasGone) this.scene.remove(name);
    this.#trees.push({ at: performance.now(), tree: this.tree });
  }
}

export interface SoakedVerdicts {
  readonly counts: Readonly<Record<string, number>>;
  /** What was said of other files than those that were meant. */
  readonly wrong: readonly string[];
  /** From what a verdict is about to the verdict. */
  readonly lateMs: readonly number[];
}

/** Makes so many turns. */
export async function soakVerdicts(turns: number, random: Random): Promise<SoakedVerdicts> {
  await using scene = new Scene(program, Object.fromEntries(FILES.map((name) => [name, "0"])));
  const editor = new Editor(scene, random);
  const knownAt = new Map<number, number>();
  const run = await scene.start({ ext: ["txt"] }, (event: Item) => {
    const isKnown = event.type === "ready" && event.announced || event.type === "ended" ||
      event.type === "candidate failed";
    if (isKnown) knownAt.set(event.generation, performance.now());
  });
  const counts: Record<string, number> = {};
  const wrong: string[] = [];
  const lateMs: number[] = [];

  for (let turn = 0; turn < turns; turn++) {
    const isHeld = random.happens(0.4);
    const isShared = random.happens(0.3);
    if (isHeld) await run.hold("turn", 60_000);
    for (let left = 1 + random.below(4); left > 0; left--) {
      editor.edit();
      if (random.happens(0.5)) await pause(random.below(120));
    }
    const pauses = isShared ? [1, 2, 3].map(() => random.below(300)) : [];
    const other = (async () => {
      for (const ms of pauses) {
        await pause(ms);
        editor.edit();
      }
    })();
    const asked = performance.now();
    const before = editor.tree;
    const verdict = isHeld ? (await run.release("turn", 20_000)).verdict! : await run.wait(20_000);
    const answered = performance.now();
    await other;
    counts[verdict.outcome] = (counts[verdict.outcome] ?? 0) + 1;
    const meant = [before, ...editor.treesBetween(asked, answered)];
    const spoken = spokenOf(verdict, scene);
    const isWrong = spoken === null ? !isShared : !meant.includes(spoken);
    if (isWrong) {
      wrong.push(`turn ${turn}: ${JSON.stringify({ spoken, meant, isHeld, isShared, verdict })}`);
    }
    const known = "generation" in verdict ? knownAt.get(verdict.generation) : undefined;
    if (known !== undefined && known > asked) lateMs.push(answered - known);
    if (random.happens(0.5)) editor.mend();
  }
  return { counts, wrong, lateMs };
}

/** What the verdict says was on the disk; null where it says nothing of that. */
function spokenOf(verdict: Verdict, scene: Scene): string | null {
  if (verdict.outcome === "ready") return scene.said(verdict.generation);
  if (verdict.outcome !== "failed") return null;
  return /^read (.*)$/m.exec(verdict.lines.join("\n"))?.[1] ?? "no traceback";
}

if (import.meta.main) {
  const { turns, seed } = parseArgs(Deno.args, {
    string: ["turns", "seed"],
    default: { turns: "1000", seed: String(Date.now() % 1_000_000) },
  });
  const { counts, wrong, lateMs } = await soakVerdicts(Number(turns), new Random(Number(seed)));
  for (const one of wrong) console.log(one);
  const at = (share: number) => quantile(lateMs, share).toFixed(1);
  console.log(`${turns} turns (seed ${seed}), ${wrong.length} wrong: ${JSON.stringify(counts)}`);
  console.log(
    `A verdict comes ${at(0.5)} ms after what it is about (99 %: ${at(0.99)}, all: ${at(1)} ms)`,
  );
  Deno.exit(wrong.length === 0 ? 0 : 1);
}
