import { defaultOf } from "./encode.ts";
import type { KeyOption, Option } from "./options.ts";

/** A flag as it is written: `-w, --watch PATH`, `--poll[=INTERVAL]`, `--exit`. */
export function usageOf({ name, letter, metavar, takes }: Option): string {
  const short = letter ? `-${letter}, ` : "";
  if (takes === "nothing") return `${short}--${name}`;
  return `${short}--${name}${takes === "interval" ? `[=${metavar}]` : ` ${metavar}`}`;
}

/** The option as people should see it: a switch that is on by default as its opposite. */
export function asListed(option: Option): Option {
  if (option.takes !== "nothing" || defaultIn(option) !== true) return option;
  const { name, description } = option;
  return {
    ...option,
    name: `no-${name}`,
    description: `Do not ${description[0]!.toLowerCase()}${description.slice(1)}`,
  };
}

/** Undefined for a flag that is no key. */
function defaultIn(option: Option): unknown {
  return "key" in option ? defaultOf(option as KeyOption) : undefined;
}

/** The default as text; empty where there is nothing to say. */
export function defaultText(option: Option): string {
  const value = defaultIn(option);
  if (Array.isArray(value)) return value.join(", ");
  return value === null || typeof value === "boolean" ? "" : String(value ?? "");
}
