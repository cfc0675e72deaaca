import type { Context } from "./context.ts";
import type { Effect } from "./effect.ts";
import type { Fact } from "./fact.ts";
import { report } from "./transition.ts";

/** Tells a fact the first time that there is one of this name. */
export function reportOnce(context: Context, name: string, fact: Fact): [Context, Effect[]] {
  if (context.told.includes(name)) return [context, []];
  return [{ ...context, told: [...context.told, name] }, [report(fact)]];
}
