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
);
export type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Random operations on the folder `tree`, the same for the same seed. */
export function randomBatches(batches: number, operations: number, seed: number): Operation[][] {
  const batch = fc.array(operation, { minLength: operations, maxLength: operations });
  return fc.sample(batch, { numRuns: batches, seed });
}

/** The paths that hold something else after than before, sorted. */
export function moved(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path)).sort();
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
        return Deno.mkdirSync(path(operation.folder), { recursive: true });
      case "rmdir":
        return Deno.removeSync(path(operation.folder), { recursive: true });
      case "move":
        return Deno.renameSync(path(operation.folder), path(operation.to));
      case "move out":
        return Deno.renameSync(path(operation.folder), `${outside}/${Math.random()}`);
      case "move in": {
        const [entry] = [...Deno.readDirSync(outside)];
        return entry && Deno.renameSync(`${outside}/${entry.name}`, path(operation.to));
      }
      case "link":
        return Deno.symlinkSync(path(operation.to), path(operation.file));
    }
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
  }
}

/** What a plain walk finds: the text of each file that is not ignored, through links to files. */
export function contents(root: string, folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, isDirectory } of entriesOf(`${root}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) { for (const [inner, text] of contents(root, path)) found.set(inner, text); }
    else if (!/\.log$|~$/.test(name)) {
      const text = textOf(`${root}/${path}`);
      if (text !== null) found.set(path, text);
    }
  }
  return found;
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
