import type * as z from "zod";

/** What schemas are made with: an argument, as it takes longer to load than all else that a start needs. */
export type Zod = Pick<
  typeof z,
  "array" | "boolean" | "codec" | "custom" | "enum" | "number" | "strictObject" | "string" | "union"
>;

/** What follows a flag: an `interval` can be left out. */
export type Takes = "nothing" | "text" | "texts" | "number" | "interval";

/** A kind of value that can be configured: what a command line must know of it, and its schema. */
export interface Kind<T> {
  readonly takes: Takes;
  readonly choices?: readonly string[];
  /**
   * What the schema reads it as, told without the schema where that is easily told. Undefined leaves it to the
   * schema, which alone refuses, and says why.
   */
  read(written: unknown): T | undefined;
  /** How it is written, and what it becomes. */
  schema(z: Zod): z.ZodType<T>;
}

export function kind<T>(
  takes: Takes,
  read: (written: unknown) => T | undefined,
  make: (z: Zod) => z.ZodType<T>,
  choices?: readonly string[],
): Kind<T> {
  let made: z.ZodType<T> | null = null;
  const schema = (z: Zod) => made ??= make(z);
  return { takes, read, schema, ...choices === undefined ? {} : { choices } };
}
