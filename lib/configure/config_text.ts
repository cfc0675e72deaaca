import { BatonError } from "../errors.ts";
import { check } from "./check.ts";
import { at, parseJsonc } from "./jsonc.ts";
import { locate } from "./locate.ts";
import type { Given } from "./schema.ts";
import { shown } from "./shown.ts";

/** A configuration that was read and checked. */
export interface ConfigFile {
  /** As a person in the working directory would name it. */
  readonly name: string;
  readonly text: string;
  readonly given: Given;
  /** File, line and column of a key. */
  where(path: readonly PropertyKey[]): string;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The configuration in the text of the file `name`, under the keys `prefix`; null where it has none there. Throws
 * `BatonError` where it is not one.
 */
export async function readConfig(
  name: string,
  text: string,
  prefix: readonly string[],
): Promise<ConfigFile | null> {
  const content = parseJsonc(text, name);
  if (prefix.length > 0 && !(isObject(content) && "baton" in content)) return null;
  const written = prefix.length > 0 ? (content as Record<string, unknown>).baton : content;
  const where = (key: readonly PropertyKey[]) => at(name, locate(text, [...prefix, ...key]));
  if (!isObject(written)) {
    throw new BatonError({
      what: `Cannot use ${shown(written)} as configuration: expected an object`,
      where: where([]),
      next: 'Write it as in {"command": "python app.py", "watch": ["src"]}',
    });
  }
  return { name, text, given: await check(written, { where, name: (key) => `"${key}"` }), where };
}
