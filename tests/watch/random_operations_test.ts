import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Project } from "./support/project.ts";

/** Before Deno 2.9 every watch that was ever opened makes every event dearer, and this test opens thousands. */
const [, minor = 0] = Deno.version.deno.split(".").map(Number);
const OPERATIONS = minor < 9 ? 2_000 : 10_000;
const BETWEEN_QUIET_POINTS = 50;

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
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

Deno.test("what is known equals what is on the disk, at every quiet point of thousands of random operations", async () => {
  const seed = Number(Deno.env.get("SEED") ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  const project = new Project();
  const outside = Deno.makeTempDirSync();
  try {
    project.write(".gitignore", "*.log\n");
    project.write("work/x.ts", "");
    await project.start({ maxWaitMs: 60_000 });
    const { watch } = project;
    let before = contents(project.folder, "work");
    const batches = fc.sample(
      fc.array(operation, { minLength: BETWEEN_QUIET_POINTS, maxLength: BETWEEN_QUIET_POINTS }),
      { numRuns: OPERATIONS / BETWEEN_QUIET_POINTS, seed },
    );
    for (const [at, batch] of batches.entries()) {
      watch.mark(at + 1);
      for (const each of batch) {
        perform(project.folder, outside, each);
        if (Math.random() < 0.02) await new Promise((resolve) => setTimeout(resolve, 3));
      }
      const after = contents(project.folder, "work");
      const expected = [...new Set([...before.keys(), ...after.keys()])]
        .filter((path) => before.get(path) !== after.get(path)).sort();
      await project.cookie();
      const known = watch.differences(at + 1).filter((path) => path.startsWith("work/"));
      assertEquals(known, expected, `batch ${at}: ${JSON.stringify(batch)}`);
      watch.forget(at + 1);
      before = after;
    }
    assertEquals(project.notices, []);
  } finally {
    await project.stop();
    Deno.removeSync(outside, { recursive: true });
  }
});

/** Does one operation; one that the disk refuses, as moving a folder into itself, does nothing. */
function perform(root: string, outside: string, operation: Operation): void {
  const path = (name: string) => `${root}/work/${name}`;
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
function contents(root: string, folder: string): Map<string, string> {
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
