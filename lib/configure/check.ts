import type { z } from "zod";
import { BatonError } from "../errors.ts";
import { nearest } from "./nearest.ts";
import { type Given, schema } from "./schema.ts";

/** Where a configuration was written, so that an error can point at it. */
export interface Source {
  /** The file and place of a key, or "command line". */
  where(path: readonly PropertyKey[]): string;
  /** A key as it is written there: `"maxWait"` or `--max-wait`. */
  name(key: string): string;
}

/** Decodes what was written; throws `BatonError` for the first key or value that does not fit. */
export function check(written: Readonly<Record<string, unknown>>, source: Source): Given {
  const result = schema.safeParse(written);
  if (result.success) return result.data;
  throw explain(result.error.issues[0], written, source);
}

function explain(issue: z.core.$ZodIssue, written: unknown, source: Source): BatonError {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(schema.shape);
    const key = issue.keys[0];
    const meant = nearest(key, known);
    return new BatonError({
      what: `Unknown key "${key}"`,
      where: source.where([key]),
      next: `${meant ? `Did you mean "${meant}"? ` : ""}Allowed: ${known.join(", ")}`,
    });
  }
  const value = issue.path.reduce<unknown>(
    (inside, key) => Reflect.get(Object(inside), key),
    written,
  );
  const name = source.name(String(issue.path[0]));
  const meant = issue.code === "invalid_value" && typeof value === "string"
    ? nearest(value, issue.values.map(String))
    : null;
  return new BatonError({
    what: `Cannot use ${JSON.stringify(value)} for ${name}: expected ${issue.message}`,
    where: source.where(issue.path),
    next: meant ? `Did you mean "${meant}"?` : '"baton --help" tells what each option takes',
  });
}
