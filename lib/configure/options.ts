import * as z from "zod";
import { DEFAULTS } from "../settings.ts";
import { flags, groups, type Key, schema, type Setting } from "./schema.ts";

/** One flag, whether it has a key in a file or not. */
export interface Option {
  /** In kebab case, without the dashes. */
  readonly name: string;
  readonly letter?: string | undefined;
  readonly description: string;
  /** What follows the flag; `interval` can be left out. */
  readonly takes: "nothing" | "text" | "texts" | "number" | "interval";
  /** The name of the value; none where it takes nothing. */
  readonly metavar?: string | undefined;
  readonly choices?: readonly string[] | undefined;
}

/** A flag that is also a key. */
export interface KeyOption extends Option {
  readonly key: Key;
  readonly group: string;
  readonly setting: Setting;
  /** The default as a file would hold it. */
  readonly byDefault: unknown;
}

const ADD_UP: readonly Key[] = ["watch", "ignore"];

/** Whether what a file and the command line list is added up. */
export function addsUp(option: KeyOption): boolean {
  return ADD_UP.includes(option.key);
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

/** The schema of what is written, within what it becomes. */
function writtenAs(value: z.core.$ZodType): z.core.$ZodType {
  if (value instanceof z.ZodOptional) return writtenAs(value.unwrap());
  return value instanceof z.ZodCodec ? writtenAs(value.in) : value;
}

function takes(written: z.core.$ZodType): Option["takes"] {
  if (written instanceof z.ZodBoolean) return "nothing";
  if (written instanceof z.ZodArray) return "texts";
  if (written instanceof z.ZodUnion) return "interval";
  return written instanceof z.ZodNumber ? "number" : "text";
}

/** What a file holds for a setting of this value. */
export function encode(key: Key, value: unknown): unknown {
  return z.encode(schema.shape[key] as z.ZodType, value);
}

function keyOption(group: string, key: Key): KeyOption {
  const value = schema.shape[key];
  const flag = flags.get(value);
  if (!flag) throw new TypeError(`"${key}" has no flag`);
  const written = writtenAs(value);
  const choices = written instanceof z.ZodEnum ? written.options.map(String) : undefined;
  return {
    ...flag,
    key,
    group,
    name: kebab(key),
    description: value.description ?? "",
    takes: takes(written),
    metavar: flag.metavar ?? choices?.join("|"),
    choices,
    byDefault: encode(key, DEFAULTS[flag.setting]),
  };
}

/** Every flag that is also a key, in the order of the schema. */
export const KEY_OPTIONS: readonly KeyOption[] = Object.entries(groups).flatMap(
  ([group, keys]) => Object.keys(keys).map((key) => keyOption(group, key as Key)),
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
