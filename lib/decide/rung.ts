/** The rungs of the ladder: how little a change may ask of the program. */
import type { Rule } from "../settings.ts";
import type { Context } from "./context.ts";

/** How a change comes into effect. */
export type Rung = "notify" | "reload" | "recycle" | "restart";
/** The lowest first. */
export const RUNGS: readonly Rung[] = ["notify", "reload", "recycle", "restart"];
/** One that the program takes while it runs. */
export type LowerRung = Exclude<Rung, "restart">;

/** What the rules ask for where some files change. */
export interface Need {
  readonly rung: Rung;
  /** What is to succeed before a restart. */
  readonly commands: readonly string[];
}

/** Why a rung was not taken; where in the program, where that is known. */
export interface RefusedRung {
  /** The rung. */
  readonly rung: LowerRung;
  /** In words. */
  readonly why: string;
  /** Relative to the working directory. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
}

/** Of what no rule names. */
export const RESTART: Need = { rung: "restart", commands: [] };

/** The highest rung that any of the files needs, and all commands, in the order of the rules. */
export function needOf(
  rules: readonly Rule[],
  paths: readonly string[],
  ruled: ReadonlyMap<string, number> | undefined,
): Need {
  if (ruled === undefined || paths.length === 0) return RESTART;
  const numbers = new Set(paths.map((path) => ruled.get(path)));
  const rungs = [...numbers].map((number) => RUNGS.indexOf(rungOf(rules[number ?? -1])));
  const all = rules.filter((_, number) => numbers.has(number)).flatMap((rule) => rule.commands);
  return { rung: RUNGS[Math.max(...rungs)]!, commands: [...new Set(all)] };
}

/** The same, of a change; what a build that failed was for, where nothing runs, is still to be built. */
export function needIn(
  { policy: { rules }, failed, generations }: Pick<Context, "policy" | "failed" | "generations">,
  paths: readonly string[],
  { ruled }: { readonly ruled?: ReadonlyMap<string, number> },
): Need {
  const need = needOf(rules, paths, ruled);
  const owed = generations.length === 0 ? failed?.need.commands ?? [] : [];
  if (owed.length === 0) return need;
  const all = rules.flatMap(({ commands }) => commands);
  const commands = all.filter((one) => owed.includes(one) || need.commands.includes(one));
  return { rung: "restart", commands: [...new Set(commands)] };
}

/** What a build and what nobody names needs is a restart. */
function rungOf(rule: Rule | undefined): Rung {
  return RUNGS.find((rung) => rung === rule?.do) ?? "restart";
}
