/** One rival at one tree: what it costs, and how soon it hears. */
import { type Holdings, holdings, processorMs, processorMsSince, residentBytes } from "./cost.ts";
import type { Rival } from "./rivals.ts";
import type { Runner } from "./runner.ts";
import type { Tree } from "./tree.ts";

const HEARING_MAY_TAKE_MS = 5_000;
/** What is still done in the background after arming is over when a process has had this little. */
const CALM = { withinMs: 1_000, processorMs: 5, atMostMs: 20_000 };
/** Between writes: baton has started the program again by then, and settled. */
const PAUSE_MS = 200;

/** How a file is saved. */
export type Way = keyof typeof WAYS;

export const WAYS = {
  /** Emptied, written and closed. */
  write: (file: string, text: string) => Deno.writeTextFileSync(file, text),
  /** Written beside it, and renamed over it. */
  rename(file: string, text: string) {
    Deno.writeTextFileSync(`${file}.tmp`, text);
    Deno.renameSync(`${file}.tmp`, file);
  },
  /** Overwritten without being emptied. */
  inPlace(file: string, text: string) {
    using opened = Deno.openSync(file, { write: true });
    opened.writeSync(new TextEncoder().encode(text));
  },
};

export interface Trial extends Holdings {
  readonly rival: string;
  readonly watched: number;
  readonly ignored: number;
  readonly armedMs: number;
  /** Share of a core, in percent. */
  readonly idlePercent: number;
  /** At rest. */
  readonly residentBytes: number;
  /** From just before each save until it was heard of, in milliseconds. */
  readonly heardMs: Readonly<Record<Way, readonly number[]>>;
  /** Saves that were not heard of at all. */
  readonly unheard: number;
}

export interface Extent {
  readonly writes: number;
  readonly idleMs: number;
  /** Until memory is looked at, of those that collect garbage. */
  readonly restMs: number;
}

export async function trial(rival: Rival, tree: Tree, extent: Extent): Promise<Trial> {
  const { writes, idleMs, restMs } = extent;
  await using runner = await rival.start(tree);
  await calm(runner.pid);
  const from = processorMs(runner.pid);
  await rest(idleMs);
  const idlePercent = processorMsSince(from, runner.pid) / idleMs * 100;
  if (rival.collects) await rest(restMs);
  const cost = { ...holdings(runner.pid), residentBytes: residentBytes(runner.pid) };
  const heardMs: Record<Way, number[]> = { write: [], rename: [], inPlace: [] };
  let unheard = 0;
  for (let number = 0; number < writes; number++) {
    for (const way of Object.keys(WAYS) as Way[]) {
      const file = tree.files[(number * 37) % tree.files.length];
      const ms = await save(runner, () => WAYS[way](file!, `export const ${way} = ${number};\n`));
      if (ms === null) unheard++;
      else heardMs[way].push(ms);
      await rest(PAUSE_MS);
    }
  }
  const { watched, ignored } = tree;
  const { armedMs } = runner;
  return { rival: rival.name, watched, ignored, armedMs, idlePercent, ...cost, heardMs, unheard };
}

async function calm(pid: number): Promise<void> {
  const until = performance.now() + CALM.atMostMs;
  for (let hadMs = Infinity; hadMs > CALM.processorMs && performance.now() < until;) {
    const before = processorMs(pid);
    await rest(CALM.withinMs);
    hadMs = processorMsSince(before, pid);
  }
}

async function save(runner: Runner, act: () => void): Promise<number | null> {
  const from = performance.now();
  act();
  const at = await runner.changed(from, HEARING_MAY_TAKE_MS);
  return at === null ? null : at - from;
}

function rest(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
