import { type Field, valuesOf } from "../head.ts";

/** Each says how long an answer may be kept. */
const SAYING_HOW_LONG = ["cache-control", "expires"];

/**
 * The fields of an answer that says how long it may be kept. Where it does not, browsers go by its age (RFC 9111,
 * 4.2.2): what was edited for the first time in months would be shown as it was for days, by a page that is loaded
 * anew as well.
 */
export function revalidated(fields: readonly Field[]): readonly Field[] {
  const has = (name: string) => valuesOf(fields, name).length > 0;
  if (!has("last-modified") || SAYING_HOW_LONG.some(has)) return fields;
  return [...fields, ["Cache-Control", "no-cache"]];
}
