// deno-lint-ignore-file no-import-prefix
/** Stand-in for `@std/jsonc`; the same signature. */
import * as std from "npm:deno-std@1.4.0/jsonc/mod.js";

export type JsonValue =
  | { [key: string]: JsonValue | undefined }
  | JsonValue[]
  | string
  | number
  | boolean
  | null;

export const parse: (text: string) => JsonValue = std.parse;
