import type * as z from "zod";
import { BatonError, type Explanation } from "../errors.ts";
import type { Source } from "./check.ts";
import { nearest } from "./nearest.ts";
import { type Given, KEYS } from "./schema.ts";
import { shown } from "./shown.ts";
import { schemaOf } from "./zod_schema.ts";

/** As many as a person corrects before the next try; each is looked up in the file. */
const MISTAKES_TOLD = 20;

/** What the schema reads it as; throws one `BatonError` for all keys and values that do not fit. */
export function decode(written: Readonly<Record<string, unknown>>, source: Source): Given {
  const result = schemaOf(Object.keys(written)).safeParse(written);
  if (result.success) return result.data as Given;
  throw new BatonError(explain(result.error.issues, written, source));
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

/** The mistakes in the order in which they were written, as many as are told. */
function explain(
  issues: readonly z.core.$ZodIssue[],
  written: Readonly<Record<string, unknown>>,
  source: Source,
): Explanation {
  const order = new Map(Object.keys(written).map((key, at) => [key, at]));
  const place = ({ key }: { key: string }) => order.get(key) ?? -1;
  const all = issues
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({ key, mistake: () => unknownKey(key, source) }))
        : { key: String(issue.path[0]), mistake: () => misfit(issue, written, source) }
    )
    .toSorted((a, b) => place(a) - place(b));
  const told = all.slice(0, MISTAKES_TOLD).map(({ mistake }) => mistake());
  return together(told, all.length, source);
}

function unknownKey(key: string, source: Source): Mistake {
  const known = Object.keys(KEYS);
  return {
    what: `Unknown key ${shown(key)}`,
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
    what: `Cannot use ${shown(value)} for ${name}: expected ${issue.message}`,
    where: source.where(issue.path),
    meant: issue.code === "invalid_value" && typeof value === "string"
      ? nearest(value, issue.values.map(String))
      : null,
    advice: '"baton --help" tells what each option takes',
  };
}

/** One mistake as it is; of several, a line each, and how many more there are. */
function together(found: readonly Mistake[], count: number, source: Source): Explanation {
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
  if (count > found.length) lines.push(`  and ${count - found.length} more`);
  return {
    what: [`Cannot use the configuration: ${count} mistakes`, ...lines].join("\n"),
    where: whole,
    next: [...new Set(found.map(({ advice }) => advice))].join("; "),
  };
}
