import * as z from "zod";
import { defaultOf } from "./encode.ts";
import { KEY_OPTIONS } from "./options.ts";
import { schemaOf } from "./zod_schema.ts";

/** The JSON Schema of `baton.json`, for editors. */
export function jsonSchema(): Record<string, unknown> {
  const { properties, ...rest } = z.toJSONSchema(schemaOf(), { io: "input" });
  const keys: Record<string, unknown> = { ...properties };
  for (const option of KEY_OPTIONS) {
    const { key } = option;
    const byDefault = defaultOf(option);
    if (byDefault !== null) keys[key] = { ...keys[key] as object, default: byDefault };
  }
  return {
    ...rest,
    title: "Configuration of baton",
    properties: keys,
  };
}
