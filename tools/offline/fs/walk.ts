/** Stand-in for `@std/fs/walk`, without the options that follow or resolve links. */
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

export function* walkSync(
  root: string | URL,
  options: WalkOptions = {},
): IterableIterator<WalkEntry> {
  const path = root instanceof URL ? root.pathname : root;
  const {
    maxDepth = Infinity,
    includeFiles = true,
    includeDirs = true,
    includeSymlinks = true,
    skip = [],
  } = options;
  if (maxDepth < 0) return;
  const counts = (one: string) =>
    (options.exts?.some((ext) => one.endsWith(ext)) ?? true) &&
    (options.match?.some((pattern) => pattern.test(one)) ?? true) &&
    !skip.some((pattern) => pattern.test(one));
  const name = path.slice(path.lastIndexOf("/") + 1);
  const folder = { path, name, isFile: false, isDirectory: true, isSymlink: false };
  if (includeDirs && counts(path)) yield folder;
  if (maxDepth < 1 || skip.some((pattern) => pattern.test(path))) return;
  for (const entry of Deno.readDirSync(path)) {
    const below = path === "." ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory) yield* walkSync(below, { ...options, maxDepth: maxDepth - 1 });
    else if (entry.isSymlink ? includeSymlinks : includeFiles && counts(below)) {
      yield { path: below, ...entry };
    }
  }
}
