/** The result of a race as a table for people. */
import { table } from "../../tools/markdown_table.ts";
import type { Sample } from "./contestant.ts";
import { pair, quantile } from "./quantiles.ts";
import type { Race } from "./race.ts";

const STEPS = ["settle", "boot", "ask", "save", "check", "gone", "start", "dark"] as const;

export function textOf({ program, importMs, samples, limits }: Race): string {
  const median = (tool: string, of: (sample: Sample) => number) =>
    quantile((samples[tool] ?? []).map(of), 0.5);
  const rows = Object.entries(samples).map(([tool, all]) => {
    const of = (value: (sample: Sample) => number | undefined) =>
      all.map(value).filter((ms) => ms !== undefined);
    const ratio = median(tool, ({ darkMs }) => darkMs) /
      median("overlapped", ({ darkMs }) => darkMs);
    return [
      tool,
      pair(of(({ newMs }) => newMs)),
      pair(of(({ darkMs }) => darkMs)),
      Number.isNaN(ratio) ? "-" : `${ratio.toFixed(1)}x`,
      String(all.reduce((sum, { refused }) => sum + refused, 0)),
      String(all.reduce((sum, { cut }) => sum + cut, 0)),
      pair(of(({ spawnedMs }) => spawnedMs)),
    ];
  });
  const head = ["tool", "save to new", "dark", "dark, ratio", "refused", "cut", "save to spawned"];
  return [
    `### ${program}, ${importMs} ms of imports (median / p95 in ms)`,
    table(head, rows),
    `Limits: event ${pair(limits.event)}, interpreter alone ${pair(limits.bareStart)}, ` +
    `program alone until it answers ${pair(limits.ownStart)}`,
    ...Object.entries(samples).flatMap(([tool, all]) => stepsOf(tool, all)),
  ].join("\n\n");
}

/** What baton itself says of its steps. */
function stepsOf(tool: string, samples: readonly Sample[]): string[] {
  if (samples.every(({ timings }) => timings === undefined)) return [];
  const steps = STEPS.map((step) => {
    const all = samples.map(({ timings }) => timings?.[`${step}Ms`]).filter((ms) =>
      ms !== undefined
    );
    return `${step} ${pair(all)}`;
  });
  return [`Steps of ${tool}: ${steps.join(", ")}`];
}
