import { type Given, KEYS } from "./schema.ts";

/** Where a configuration was written, so that an error can point at it. */
export interface Source {
  /** The file and place of a key, the file alone for no key, or "command line". */
  where(path: readonly PropertyKey[]): string;
  /** A key as it is written there: `"maxWait"` or `--max-wait`. */
  name(key: string): string;
}

/**
 * Decodes what was written; throws one `BatonError` for all keys and values that do not fit. The schema is
 * loaded only where that may be so.
 */
export async function check(
  written: Readonly<Record<string, unknown>>,
  source: Source,
): Promise<Given> {
  const read = Object.entries(written).map(([key, value]) =>
    [key, Object.hasOwn(KEYS, key) ? KEYS[key]!.kind.read(value) : undefined] as const
  );
  if (read.every(([, value]) => value !== undefined)) return Object.fromEntries(read);
  const { decode } = await import("./misfits.ts");
  return decode(written, source);
}
