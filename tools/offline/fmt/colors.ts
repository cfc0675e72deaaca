// deno-lint-ignore-file no-import-prefix
/** Stand-in for `@std/fmt/colors`; the same signatures. */
import * as std from "npm:deno-std@1.4.0/fmt/colors.js";

type Paint = (text: string) => string;

export const stripAnsiCode: Paint = std.stripAnsiCode;
