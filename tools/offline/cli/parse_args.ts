// deno-lint-ignore-file no-import-prefix
/** Stand-in for `@std/cli/parse-args`; the signature of what is used here. */
import * as std from "npm:deno-std@1.4.0/cli/parse_args.js";

export interface ParseOptions {
  readonly boolean?: string | readonly string[];
  readonly string?: string | readonly string[];
  readonly collect?: string | readonly string[];
  readonly default?: Readonly<Record<string, unknown>>;
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Its type follows from the options; here whoever calls says what it expects. */
// deno-lint-ignore no-explicit-any
export const parseArgs: (args: readonly string[], options?: ParseOptions) => any = std.parseArgs;
