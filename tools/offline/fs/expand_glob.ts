// deno-lint-ignore-file no-import-prefix
/** Stand-in for `@std/fs/expand-glob`, without the options that follow links or ignore case. */
import * as std from "npm:deno-std@1.4.0/path/mod.js";
import { type WalkEntry, walkSync } from "./walk.ts";

export interface ExpandGlobOptions {
  root?: string;
  exclude?: string[];
  includeDirs?: boolean;
}

export function* expandGlobSync(
  glob: string,
  options: ExpandGlobOptions = {},
): IterableIterator<WalkEntry> {
  const { root = Deno.cwd(), exclude = [], includeDirs = true } = options;
  const pattern = (text: string): RegExp => std.globToRegExp(std.resolve(root, text));
  const found = walkSync(std.resolve(root), {
    includeDirs,
    match: [pattern(glob)],
    skip: exclude.map(pattern),
  });
  yield* [...found].sort((a, b) => a.path < b.path ? -1 : 1);
}
