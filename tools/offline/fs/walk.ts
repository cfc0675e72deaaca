// deno-lint-ignore-file no-import-prefix
/** Stand-in for `@std/fs/walk`, without the options that follow or resolve links. */
import * as std from "npm:deno-std@1.4.0/path/mod.js";

export interface WalkOptions {
  maxDepth?: number;
  includeFiles?: boolean;
  includeDirs?: boolean;
  includeSymlinks?: boolean;
  exts?: string[];
  match?: RegExp[];
  skip?: RegExp[];
}

export interface WalkEntry extends Deno.DirEntry {
  path: string;
}

/** Whether what is at a path is among what the options ask for. */
function isAskedFor(path: string, { exts, match, skip }: WalkOptions): boolean {
  const hasExtension = (ext: string) => path.endsWith(ext.startsWith(".") ? ext : `.${ext}`);
  return (exts?.some(hasExtension) ?? true) &&
    (match?.some((pattern) => pattern.test(path)) ?? true) &&
    !skip?.some((pattern) => pattern.test(path));
}

export function* walkSync(
  root: string | URL,
  options: WalkOptions = {},
): IterableIterator<WalkEntry> {
  const path: string = root instanceof URL ? std.fromFileUrl(root) : root;
  const { maxDepth = Infinity, includeFiles = true, includeDirs = true, includeSymlinks = true } =
    options;
  if (maxDepth < 0) return;
  if (includeDirs && isAskedFor(path, options)) {
    const { isFile, isDirectory, isSymlink } = Deno.statSync(path);
    const normal: string = std.normalize(path);
    yield { path: normal, name: std.basename(normal), isFile, isDirectory, isSymlink };
  }
  if (maxDepth < 1 || options.skip?.some((pattern) => pattern.test(path))) return;
  for (const entry of Deno.readDirSync(path)) {
    const below: string = std.join(path, entry.name);
    if (entry.isDirectory) yield* walkSync(below, { ...options, maxDepth: maxDepth - 1 });
    else if ((entry.isSymlink ? includeSymlinks : includeFiles) && isAskedFor(below, options)) {
      yield { path: below, ...entry };
    }
  }
}
