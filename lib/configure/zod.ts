import * as z from "zod";
import type { Zod } from "./kind.ts";

/** One by one: the whole of it would bring its messages in every language along. */
export const zod: Zod = {
  array: z.array,
  boolean: z.boolean,
  codec: z.codec,
  custom: z.custom,
  enum: z.enum,
  number: z.number,
  strictObject: z.strictObject,
  string: z.string,
  union: z.union,
};
