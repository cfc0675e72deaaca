import type * as z from "zod";
import { once } from "../once.ts";

/** What follows a flag: an `interval` can be left out. */
export type Takes = "nothing" | "text" | "texts" | "number" | "interval";

/**
 * A kind of value that can be configured: what a command line must know of it, and its schema, which says how
 * it is written and what it becomes. That is made when it is first needed, as all of them are most of a start.
 */
export interface Kind<T> {
  readonly takes: Takes;
  readonly choices?: readonly string[];
  schema(): z.ZodType<T>;
}

export function kind<T>(
  takes: Takes,
  make: () => z.ZodType<T>,
  choices?: readonly string[],
): Kind<T> {
  return { takes, schema: once(make), ...choices === undefined ? {} : { choices } };
}
