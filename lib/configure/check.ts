import type * as z from "zod";
import { BatonError, type Explanation } from "../errors.ts";
import { nearest } from "./nearest.ts";
import { type Given, KEYS, schemaOf } from "./schema.ts";

/** Where a configuration was written, so that an error can point at it. */
export interface Source {
  /** The file and place of a key, the file alone for no key, or "command line". */
  where(path: readonly PropertyKey[]): string;
  /** A key as it is written there: `"maxWait"` or `--max-wait`. */
  name(key: string): string;
}

/** Decodes what was written; throws one `BatonError` for all keys and values that do not fit. */
export function check(written: Readonly<Record<string, unknown>>, source: Source): Given {
  const keys = Object.keys(written);
  if (keys.length === 0) return {};
  const result = schemaOf(keys).safeParse(written);
  if (result.success) return result.data as Given;
  throw new BatonError(together(mistakes(result.error.issues, written, source), source));
}

/** One thing that does not fit. */
interface Mistake {
  readonly what: string;
  readonly where: string;
  /** What may have been meant. */
  readonly meant: string | null;
  /** The next step, whatever was meant. */
  readonly advice: string;
}

/** In the order in which they were written. */
function mistakes(
  issues: readonly z.core.$ZodIssue[],
  written: Readonly<Record<string, unknown>>,
  source: Source,
): Mistake[] {
  const order = Object.keys(written);
  return issues
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ key, mistake: unknownKey(key, source) }))
        : { key: String(issue.path[0]), mistake: misfit(issue, written, source) }
    )
    .toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key))
    .map(({ mistake }) => mistake);
}

function unknownKey(key: string, source: Source): Mistake {
  const known = Object.keys(KEYS);
  return {
    what: `Unknown key "${key}"`,
    where: source.where([key]),
    meant: nearest(key, known),
    advice: `Allowed: ${known.join(", ")}`,
  };
}

function misfit(issue: z.core.$ZodIssue, written: unknown, source: Source): Mistake {
  const value = issue.path.reduce<unknown>(
    (inside, key) => Reflect.get(Object(inside), key),
    written,
  );
  const name = source.name(String(issue.path[0]));
  return {
    what: `Cannot use ${JSON.stringify(value)} for ${name}: expected ${issue.message}`,
    where: source.where(issue.path),
    meant: issue.code === "invalid_value" && typeof value === "string"
      ? nearest(value, issue.values.map(String))
      : null,
    advice: '"baton --help" tells what each option takes',
  };
}

/** One mistake as it is; of several, a line each. */
function together(found: readonly Mistake[], source: Source): Explanation {
  const [first, ...others] = found;
  const { what, where, meant, advice } = first!;
  if (others.length === 0) {
    return { what, where, next: meant ? `Did you mean "${meant}"? ${advice}` : advice };
  }
  const whole = source.where([]);
  const lines = found.map(({ what, where, meant }) => {
    const place = where === whole ? "" : `${where}: `;
    return `  ${place}${what}${meant ? `; did you mean "${meant}"?` : ""}`;
  });
  return {
    what: [`Cannot use the configuration: ${found.length} mistakes`, ...lines].join("\n"),
    where: whole,
    next: [...new Set(found.map(({ advice }) => advice))].join("; "),
  };
}
