import { ensureDirSync } from "@std/fs/ensure-dir";
import fc from "fast-check";

const part = fc.constantFrom("a", "b", "c", "d");
const folder = fc.array(part, { maxLength: 3 }).map((parts) => parts.join("/"));
const file = fc.tuple(folder, fc.constantFrom("x.ts", "y.ts", "z.log"))
  .map(([folder, name]) => folder === "" ? name : `${folder}/${name}`);
const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("write" as const), file, text: part }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("replace" as const), file, text: part }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("rename" as const), file, to: file }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), file }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("mkdir" as const), folder }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rmdir" as const), folder }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("move" as const), folder, to: folder }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("move out" as const), folder }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("move in" as const), to: folder }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("link" as const), file, to: file }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("link" as const), file, to: folder }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("link out" as const), file }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("write out" as const), text: part }) },
);
export type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Random operations on the folder `tree`, the same for the same seed. */
export function randomBatches(batches: number, operations: number, seed: number): Operation[][] {
  const batch = fc.array(operation, { minLength: operations, maxLength: operations });
  return fc.sample(batch, { numRuns: batches, seed });
}

/** Does one operation; one that the disk refuses, as moving a folder into itself, does nothing. */
export function perform(root: string, outside: string, operation: Operation): void {
  const path = (name: string) => `${root}/tree/${name}`;
  try {
    switch (operation.do) {
      case "write":
        return Deno.writeTextFileSync(path(operation.file), operation.text);
      case "replace": {
        Deno.writeTextFileSync(path(operation.file) + "~", operation.text);
        return Deno.renameSync(path(operation.file) + "~", path(operation.file));
      }
      case "rename":
        return Deno.renameSync(path(operation.file), path(operation.to));
      case "remove":
        return Deno.removeSync(path(operation.file));
      case "mkdir":
        return ensureDirSync(path(operation.folder));
      case "rmdir":
        return Deno.removeSync(path(operation.folder), { recursive: true });
      case "move":
        return Deno.renameSync(path(operation.folder), path(operation.to));
      case "move out":
        return Deno.renameSync(path(operation.folder), `${outside}/${Math.random()}`);
      case "move in": {
        const [entry] = [...Deno.readDirSync(outside)].filter(({ name }) => name !== "linked");
        return entry && Deno.renameSync(`${outside}/${entry.name}`, path(operation.to));
      }
      case "link":
        return Deno.symlinkSync(path(operation.to), path(operation.file));
      case "link out": {
        // Each to a folder of its own: of two to the same one either may be followed.
        const folder = `${outside}/linked/${crypto.randomUUID()}`;
        ensureDirSync(folder);
        Deno.writeTextFileSync(`${folder}/x.ts`, "");
        return Deno.symlinkSync(folder, path(operation.file));
      }
      case "write out":
        for (const { name } of Deno.readDirSync(`${outside}/linked`)) {
          Deno.writeTextFileSync(`${outside}/linked/${name}/x.ts`, operation.text);
        }
        return;
    }
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
  }
}

/** What is on the disk: the text of each file by its path, and where links lead that lead to folders. */
export interface Found {
  readonly texts: Map<string, string>;
  readonly links: Map<string, string>;
}

/** What a plain walk finds that is not ignored; through links but to folders inside. */
export function walk(
  root: string,
  folder: string,
  found: Found = { texts: new Map(), links: new Map() },
): Found {
  for (const { name, isDirectory } of entriesOf(`${root}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) walk(root, path, found);
    if (isDirectory || /\.log$|~$/.test(name)) continue;
    const text = textOf(`${root}/${path}`);
    const real = text?.match(/^leads to (.*)/)?.[1];
    if (real !== undefined) found.links.set(path, real);
    else if (text !== null) found.texts.set(path, text);
    if (real?.startsWith(`${root}/`) === false) walk(root, path, found);
  }
  return found;
}

/** The paths that hold something else after than before, sorted. */
export function moved(before: Found, after: Found): string[] {
  const [was, is] = [before.texts, after.texts];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path)).sort();
}

/**
 * A folder outside that several links lead to may be watched by the name of any of them: here it has its own. Of
 * links to folders inside nothing is said, nor of others beside them: what such a link leads to is watched anyway,
 * and links in there may be by either name.
 */
export function named(
  paths: readonly string[],
  before: Found,
  after: Found,
  inside: string,
): string[] {
  const links = [...before.links, ...after.links];
  const hasAlias = links.some(([, real]) => real.startsWith(`${inside}/`));
  const shared = new Set([before, after].flatMap(({ links }) => repeated([...links.values()])));
  const names = paths.flatMap((path) => {
    const through = links.filter(([link]) => path === link || path.startsWith(`${link}/`));
    if (through.length > 0 && hasAlias) return [];
    const reals = through.map(([, real]) => real).filter((real) => shared.has(real));
    return reals.length > 0 ? reals : [path];
  });
  return [...new Set(names)].sort();
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, at) => names.indexOf(name) !== at);
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function textOf(path: string): string | null {
  try {
    const stat = Deno.statSync(path);
    return stat.isFile ? Deno.readTextFileSync(path) : `leads to ${Deno.realPathSync(path)}`;
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
