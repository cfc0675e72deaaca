import { parse } from "@std/jsonc";
import { basename, relative, resolve } from "@std/path";
import { BatonError, messageOf } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import { check } from "./check.ts";
import { locate, type Position, positionAt } from "./locate.ts";
import type { Given } from "./schema.ts";

/** Where configuration is looked for, in this order, in the working directory. */
const NAMES = ["baton.json", "baton.jsonc", "deno.json", "deno.jsonc"];

export type Host = Pick<Platform, "files" | "cwd">;

/** A configuration that was read and checked. */
export interface ConfigFile {
  /** As a person in the working directory would name it. */
  readonly name: string;
  readonly given: Given;
  /** File, line and column of a key. */
  where(path: readonly PropertyKey[]): string;
}

function at(name: string, position: Position | null): string {
  return position ? `${name}:${position.line}:${position.column}` : name;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseText(text: string, name: string): unknown {
  try {
    const value: unknown = parse(text);
    return value;
  } catch (error) {
    const offset = /at position (\d+)/.exec(messageOf(error))?.[1];
    throw new BatonError({
      what: `Cannot read "${name}" as JSON: ${
        messageOf(error).replace(/^Cannot parse JSONC: /, "")
      }`,
      where: at(name, positionAt(text, offset ? Number(offset) : text.length)),
      next: "Correct it there; comments and trailing commas are allowed",
    }, { cause: error });
  }
}

/** Null where a file that belongs to others has no configuration for baton. */
function read({ files, cwd }: Host, path: string): ConfigFile | null {
  const inside: string = relative(cwd, path);
  const name = inside.startsWith("..") ? path : inside;
  const text = files.readText(path);
  const content = parseText(text, name);
  const prefix = /^deno\.jsonc?$/.test(basename(path)) ? ["baton"] : [];
  if (prefix.length > 0 && !(isObject(content) && "baton" in content)) return null;
  const written = prefix.length > 0 ? (content as Record<string, unknown>).baton : content;
  const where = (key: readonly PropertyKey[]) => at(name, locate(text, [...prefix, ...key]));
  if (!isObject(written)) {
    throw new BatonError({
      what: `Cannot use ${JSON.stringify(written)} as configuration: expected an object`,
      where: where([]),
      next: 'Write it as in {"command": "python app.py", "watch": ["src"]}',
    });
  }
  return { name, given: check(written, { where, name: (key) => `"${key}"` }), where };
}

/** Every file here that configures baton, the one that counts first. */
export function findConfigFiles(host: Host): ConfigFile[] {
  return NAMES.map((name) => resolve(host.cwd, name))
    .filter((path) => host.files.stat(path)?.kind === "file")
    .map((path) => read(host, path))
    .filter((file) => file !== null);
}

/** Reads the file that was asked for; throws `BatonError` where it is not there or configures nothing. */
export function readConfigFile(host: Host, path: string): ConfigFile {
  const absolute = resolve(host.cwd, path);
  const kind = host.files.stat(absolute)?.kind;
  if (kind !== "file") {
    throw new BatonError({
      what: `Cannot read configuration "${path}": ${kind ? `it is a ${kind}` : "no such file"}`,
      where: "command line, --config",
      next: 'Name a JSON file; "baton init" writes one',
    });
  }
  const file = read(host, absolute);
  if (file) return file;
  throw new BatonError({
    what: `"${path}" has no key "baton"`,
    where: absolute,
    next: 'Add one: "baton": {"command": "…"}',
  });
}
