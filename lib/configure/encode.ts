import * as z from "zod";
import { DEFAULTS } from "../settings.ts";
import type { KeyOption } from "./options.ts";
import { KEYS } from "./schema.ts";
import { zod } from "./zod.ts";

/** What a file holds for a setting of this value. */
export function encode(key: string, value: unknown): unknown {
  return z.encode(KEYS[key]!.kind.schema(zod), value);
}

/** The default as a file would hold it. */
export function defaultOf({ key, setting }: Pick<KeyOption, "key" | "setting">): unknown {
  return encode(key, DEFAULTS[setting]);
}
