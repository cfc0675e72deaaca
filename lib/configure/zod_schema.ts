import * as z from "zod";
import { KEYS } from "./schema.ts";
import { zod } from "./zod.ts";

/** The schema of a configuration; with `keys`, of one that can hold no others: making that of all takes long. */
export function schemaOf(keys: readonly string[] = Object.keys(KEYS)): z.ZodObject {
  const known = keys.filter((key) => Object.hasOwn(KEYS, key));
  const shape = known.map((key) => {
    const { kind, description } = KEYS[key]!;
    return [key, kind.schema(zod).optional().describe(description)] as const;
  });
  return z.strictObject(Object.fromEntries(shape));
}
