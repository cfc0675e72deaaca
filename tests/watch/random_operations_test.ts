import { assertEquals } from "@std/assert";
import { moved, named, perform, randomBatches, walk } from "./support/operations.ts";
import { Project } from "./support/project.ts";

const BETWEEN_QUIET_POINTS = 50;

/** Stands for the generation that began before any operation. None starts later: others are below it. */
const FIRST = -1;

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
    let before = walk(project.folder, "tree");
    const first = before;
    watch.mark(FIRST);
    const batches = randomBatches(operations / BETWEEN_QUIET_POINTS, BETWEEN_QUIET_POINTS, seed);
    for (const [at, batch] of batches.entries()) {
      const batchMark = FIRST - 1 - at;
      watch.mark(batchMark);
      for (const each of batch) {
        perform(project.folder, outside, each);
        if (Math.random() < 0.02) await new Promise((resolve) => setTimeout(resolve, 3));
      }
      const after = walk(project.folder, "tree");
      await project.cookie();
      for (const [mark, then] of [[batchMark, before], [FIRST, first]] as const) {
        const known = watch.differences(mark).filter((path) => path.startsWith("tree/"));
        assertEquals(
          named(known, then, after, project.folder),
          named(moved(then, after), then, after, project.folder),
          `batch ${at}: ${JSON.stringify(batch)}`,
        );
      }
      watch.forget(batchMark);
      before = after;
    }
    assertEquals(project.notices, []);
  } finally {
    await project.stop();
    Deno.removeSync(outside, { recursive: true });
  }
}
