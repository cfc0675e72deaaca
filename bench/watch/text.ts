/** The results as tables for people. */
import { table } from "../../tools/markdown_table.ts";
import { pair, quantile } from "../handoff/quantiles.ts";
import type { Live } from "./live.ts";
import type { Trial } from "./trial.ts";
import type { Walks } from "./walks.ts";

const HEAD = [
  ...["tool", "armed", "watches", "instances", "idle", "memory"],
  ...["write", "rename", "in place", "unheard"],
];

/** A table for one tree. */
export function textOfTrials(trials: readonly Trial[]): string {
  const { watched, ignored } = trials[0]!;
  const rows = trials.map((trial) => [
    trial.rival,
    `${trial.armedMs.toFixed(0)} ms`,
    String(trial.watches),
    String(trial.instances),
    `${trial.idlePercent.toFixed(3)} %`,
    `${(trial.residentBytes / 1e6).toFixed(0)} MB`,
    pair(trial.heardMs.write),
    pair(trial.heardMs.rename),
    pair(trial.heardMs.inPlace),
    String(trial.unheard),
  ]);
  return `### ${watched} files watched, ${ignored} ignored (median / p95 in ms)\n\n${
    table(HEAD, rows)
  }`;
}

export function textOfWalks({ watched, ignored, bareMs, armingMs }: Walks): string {
  const ratio = quantile(armingMs, 0.5) / quantile(bareMs, 0.5);
  return `Arming, ${watched} files watched and ${ignored} ignored: ${pair(armingMs)} ms, ` +
    `a bare walk ${pair(bareMs)} ms: ${ratio.toFixed(1)}x`;
}

/** Bytes of memory that each watched file adds, from the smallest tree to the biggest. */
export function textOfGrowth(trials: readonly Trial[]): string {
  const alone = trials.filter(({ ignored }) => ignored === 0);
  const names = [...new Set(alone.map(({ rival }) => rival))];
  const each = names.map((name) => {
    const own = alone.filter(({ rival }) => rival === name);
    const [first, last] = [own[0], own.at(-1)!];
    if (first === last) return `${name} -`;
    const bytes = (last.residentBytes - first!.residentBytes) / (last.watched - first!.watched);
    return `${name} ${bytes.toFixed(0)}`;
  });
  return `Bytes of memory that a watched file adds: ${each.join(", ")}`;
}

/** The same without what V8 has yet to collect, as its heap says. */
export function textOfLive(live: readonly Live[]): string {
  const [first, last] = [live[0], live.at(-1)!];
  if (first === last) return "Of these live in its watch: -";
  const bytes = (last.bytes - first!.bytes) / (last.watched - first!.watched);
  return `Of these live in its watch, after a collection: ${bytes.toFixed(0)}`;
}
