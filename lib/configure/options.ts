import type { Takes } from "./kind.ts";
import { groups, type Key, type KeyDefinition, type Setting } from "./schema.ts";

/** One flag, whether it has a key in a file or not. */
export interface Option {
  /** In kebab case, without the dashes. */
  readonly name: string;
  readonly letter?: string | undefined;
  readonly description: string;
  readonly takes: Takes;
  /** The name of the value; none where it takes nothing. */
  readonly metavar?: string | undefined;
  readonly choices?: readonly string[] | undefined;
}

/** A flag that is also a key. */
export interface KeyOption extends Option {
  readonly key: Key;
  readonly group: string;
  readonly setting: Setting;
}

const ADD_UP: readonly Key[] = ["watch", "ignore", "rules"];
/** Of these the first counts: the command line's come before the file's. */
const LINE_FIRST: readonly Key[] = ["rules"];

/** Whether what a file and the command line list is added up. */
export function addsUp(option: KeyOption): boolean {
  return ADD_UP.includes(option.key);
}

/** Whether what the command line lists is put before what a file does. */
export function isLineFirst(option: KeyOption): boolean {
  return LINE_FIRST.includes(option.key);
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

function keyOption(group: string, key: Key, definition: KeyDefinition<unknown>): KeyOption {
  const { kind: { takes, choices }, ...flag } = definition;
  return {
    ...flag,
    key,
    group,
    name: flag.name ?? kebab(key),
    takes,
    metavar: flag.metavar ?? choices?.join("|"),
    choices,
  };
}

/** Every flag that is also a key, in the order of the schema. */
export const KEY_OPTIONS: readonly KeyOption[] = Object.entries(groups).flatMap(
  ([group, keys]) =>
    Object.entries(keys).map(([key, definition]) => keyOption(group, key as Key, definition)),
);

/** Flags that stand for another flag with a value. */
export const SHORTHANDS = {
  quiet: { letter: "q", stands: "--verbosity=quiet", description: "Errors only" },
  verbose: { letter: "v", stands: "--verbosity=verbose", description: "Say more" },
} as const;

/** Flags that only a command line has. */
export const LINE_OPTIONS: readonly Option[] = [
  {
    name: "config",
    letter: "c",
    takes: "text",
    metavar: "FILE",
    description: "Read this configuration file",
  },
  {
    name: "print-config",
    takes: "nothing",
    description: "Show the settings in effect and where each comes from",
  },
  { name: "version", takes: "nothing", description: "Show baton's version" },
  { name: "help", letter: "h", takes: "nothing", description: "Show this help" },
];

export const OPTIONS: readonly (Option | KeyOption)[] = [...KEY_OPTIONS, ...LINE_OPTIONS];

/** The option of a name as people write it: `--proxy`, `proxy`, `-w`, `stopTimeout`, `--no-inject`. */
export function optionNamed(word: string): Option | undefined {
  const [, letter] = /^-(\w)$/.exec(word) ?? [];
  const name = kebab(word.replace(/^--/, ""));
  const short = Object.entries(SHORTHANDS).find(([long, each]) =>
    each.letter === letter || long === name
  );
  const full = short === undefined ? name : /^--(\w+)/.exec(short[1].stands)?.[1];
  return OPTIONS.find((each) =>
    letter !== undefined && each.letter === letter || each.name === full ||
    `no-${each.name}` === full
  );
}
