/**
 * Measures the watch against its peers and against raw events, one after the other on the same trees:
 * `deno task bench:watch` (Linux: it reads `/proc`).
 *
 *     --quick            small trees, few saves; under a minute
 *     --writes N         saves of each kind under each tool; 20
 *     --tools a,b        baton, inotifywait, entr, watchman, nodemon; all that are installed
 *     --baton PATH       a compiled baton; the source
 *     --json FILE        every sample
 *     --plot FILE        how cost grows, as an SVG picture; dist/watch_bench.svg
 */
import { parseArgs } from "@std/cli/parse-args";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { fromSource } from "./handoff/tools.ts";
import { plot } from "./watch/plot.ts";
import { findRivals } from "./watch/rivals.ts";
import { type Live, liveBytes } from "./watch/live.ts";
import { textOfGrowth, textOfLive, textOfTrials, textOfWalks } from "./watch/text.ts";
import { Tree } from "./watch/tree.ts";
import { type Trial, trial } from "./watch/trial.ts";
import { type Walks, walks } from "./watch/walks.ts";

interface Options {
  readonly quick: boolean;
  readonly writes?: string;
  readonly tools?: string;
  readonly baton?: string;
  readonly json?: string;
  readonly plot: string;
}

/** Watched and ignored files. */
const TREES = [[200, 0], [2_000, 0], [20_000, 0], [2_000, 60_000]] as const;
const QUICK_TREES = [[200, 0], [2_000, 6_000]] as const;

const options: Options = parseArgs(Deno.args, {
  boolean: ["quick"],
  string: ["writes", "tools", "baton", "json", "plot"],
  default: { plot: "dist/watch_bench.svg" },
});
const wanted = options.tools?.split(",");
const rivals = (await findRivals(options.baton ?? null))
  .filter(({ name }) => wanted === undefined || wanted.includes(name));
const baton = options.baton === undefined ? await fromSource() : [options.baton] as const;
const extent = options.quick
  ? { writes: 3, idleMs: 1_000, restMs: 0 }
  : { writes: 20, idleMs: 10_000, restMs: 40_000 };
const writes = Number(options.writes ?? extent.writes);
const unknown = rivals.find(({ name }) => name === "baton" && options.baton !== undefined);
if (unknown !== undefined) {
  // At its first run an executable compiles what it keeps for the others.
  using tree = new Tree(1, 0);
  await trial(unknown, tree, { idleMs: 0, restMs: 0, writes: 1 });
}
const trials: Trial[] = [];
const walked: Walks[] = [];
const live: Live[] = [];
for (const [watched, ignored] of options.quick ? QUICK_TREES : TREES) {
  using tree = new Tree(watched, ignored);
  const here: Trial[] = [];
  for (const rival of rivals) {
    try {
      here.push(await trial(rival, tree, { ...extent, writes }));
    } catch (cause) {
      throw new Error(`${rival.name} does not last with ${watched} files`, { cause });
    }
  }
  trials.push(...here);
  console.log(`${textOfTrials(here)}\n`);
  if (ignored === 0) live.push({ watched, bytes: await liveBytes(tree) });
  walked.push(await walks(tree, baton, options.quick ? 3 : 7));
  console.log(`${textOfWalks(walked.at(-1)!)}\n`);
}
console.log(`${textOfGrowth(trials)}\n${textOfLive(live)}`);
ensureDirSync(options.plot.replace(/[^/]*$/, "."));
Deno.writeTextFileSync(options.plot, plot(trials));
if (options.json !== undefined) {
  const machine = { os: Deno.build.os, arch: Deno.build.arch, load: Deno.loadavg() };
  const result = { machine, deno: Deno.version, trials, walks: walked, live };
  Deno.writeTextFileSync(options.json, JSON.stringify(result));
}
