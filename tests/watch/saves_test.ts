import { assertEquals } from "@std/assert";
import { waitUntil } from "../support/wait_until.ts";
import { Project } from "./support/project.ts";
import { KINDS, type Save, SAVES } from "./support/saves.ts";

/** Longer than any script pauses, also where the machine is busy. */
const SETTLE_MS = 150;

for (const save of SAVES) {
  for (const row of KINDS) {
    Deno.test(`${save.name}, ${row.kind}: ${row.restarts} restarts`, () => restartsOf(save, row));
  }
}

async function restartsOf(
  save: Save,
  { file, text, restarts }: typeof KINDS[number],
): Promise<void> {
  const project = new Project();
  const outside = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton_outside_" }));
  try {
    project.write(".gitignore", "ignored/\n");
    project.write(file, "old\n");
    project.write("src/other.txt", "other\n");
    Deno.writeTextFileSync(`${outside}/new`, text);
    const names = `FILE='${file}' NEW='${outside}/new' OUTSIDE='${outside}'`;
    if (save.prepare !== undefined) project.run(`${names}; ${save.prepare}`);
    await project.start({ settleMs: SETTLE_MS });
    await project.runWatched(`${names}; ${save.script}`);
    if (restarts > 0) await waitUntil("it restarts", () => project.restarts.length > 0);
    await project.cookie();
    assertEquals(project.restarts, restarts === 0 ? [] : [[file]]);
    assertEquals(Deno.readTextFileSync(project.path(file)), text);
  } finally {
    await project.stop();
    Deno.removeSync(outside, { recursive: true });
  }
}
