import { KEY_OPTIONS, LINE_OPTIONS, type Option, SHORTHANDS } from "../options.ts";
import { asListed } from "../usage.ts";

/** What completions know of one flag. */
export interface Word {
  readonly name: string;
  readonly letter?: string | undefined;
  readonly description: string;
  readonly metavar: string;
  /** Whether the next word belongs to it. */
  readonly takesNext: boolean;
  readonly repeats: boolean;
  /** What its value is made of: nothing that can be completed, or these. */
  readonly values: "none" | "paths" | "folders" | readonly string[];
}

function valuesOf({ choices, metavar }: Option): Word["values"] {
  if (choices) return choices;
  if (metavar === "PATH" || metavar === "FILE") return "paths";
  return metavar === "FOLDER" ? "folders" : "none";
}

/** Every flag, as it is listed. */
export const WORDS: readonly Word[] = [
  ...[...KEY_OPTIONS, ...LINE_OPTIONS].map(asListed).map((option): Word => ({
    name: option.name,
    letter: option.letter,
    description: option.description,
    metavar: option.metavar ?? "",
    takesNext: option.takes !== "nothing" && option.takes !== "interval",
    repeats: option.takes === "texts",
    values: valuesOf(option),
  })),
  ...Object.entries(SHORTHANDS).map(([name, { letter, description }]): Word => ({
    name,
    letter,
    description,
    metavar: "",
    takesNext: false,
    repeats: false,
    values: "none",
  })),
];

/** A flag's spellings: `-w` and `--watch`. */
export function spellings({ name, letter }: Word): string[] {
  return [...letter ? [`-${letter}`] : [], `--${name}`];
}
