import { assertEquals } from "@std/assert";
import { contents, moved, perform, randomBatches } from "./support/operations.ts";
import { Project } from "./support/project.ts";

const BETWEEN_QUIET_POINTS = 50;

Deno.test("what is known equals what is on the disk, at every quiet point of thousands of random operations", () =>
  compareAtQuietPoints(10_000, null));

Deno.test("what is known by polling equals what is on the disk, at every quiet point", () =>
  compareAtQuietPoints(1_000, 20));

async function compareAtQuietPoints(operations: number, pollMs: number | null): Promise<void> {
  const seed = Number(Deno.env.get("SEED") ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  const project = new Project();
  const outside = Deno.makeTempDirSync();
  try {
    project.write(".gitignore", "*.log\n");
    project.write("tree/x.ts", "");
    await project.start({ maxWaitMs: 60_000, pollMs });
    const { watch } = project;
    let before = contents(project.folder, "tree");
    const batches = randomBatches(operations / BETWEEN_QUIET_POINTS, BETWEEN_QUIET_POINTS, seed);
    for (const [at, batch] of batches.entries()) {
      watch.mark(at + 1);
      for (const each of batch) {
        perform(project.folder, outside, each);
        if (Math.random() < 0.02) await new Promise((resolve) => setTimeout(resolve, 3));
      }
      const after = contents(project.folder, "tree");
      const expected = moved(before, after);
      await project.cookie();
      const known = watch.differences(at + 1).filter((path) => path.startsWith("tree/"));
      assertEquals(known, expected, `batch ${at}: ${JSON.stringify(batch)}`);
      watch.forget(at + 1);
      before = after;
    }
    assertEquals(project.notices, []);
  } finally {
    await project.stop();
    Deno.removeSync(outside, { recursive: true });
  }
}
