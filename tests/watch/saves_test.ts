import { assertEquals } from "@std/assert";
import { waitUntil } from "../support/wait_until.ts";
import { Project } from "./support/project.ts";
import { type Save, SAVES } from "./support/saves.ts";

const KINDS = [
  { kind: "watched", file: "src/main.txt", text: "new\n", rounds: 1 },
  { kind: "ignored", file: "ignored/main.txt", text: "new\n", rounds: 0 },
  { kind: "unchanged", file: "src/main.txt", text: "old\n", rounds: 0 },
] as const;

for (const save of SAVES) {
  for (const row of KINDS) {
    Deno.test(`${save.name}, ${row.kind}: ${row.rounds} rounds`, () => roundsOf(save, row));
  }
}

async function roundsOf(save: Save, { file, text, rounds }: typeof KINDS[number]): Promise<void> {
  const project = new Project();
  const outside = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton_outside_" }));
  try {
    project.write(".gitignore", "ignored/\n");
    project.write(file, "old\n");
    project.write("src/other.txt", "other\n");
    Deno.writeTextFileSync(`${outside}/new`, text);
    const run = (script: string) =>
      project.run(`FILE='${file}' NEW='${outside}/new' OUTSIDE='${outside}'; ${script}`);
    if (save.prepare !== undefined) run(save.prepare);
    await project.start();
    run(save.script);
    if (rounds > 0) await waitUntil("the round ends", () => project.rounds.length > 0);
    await project.cookie();
    assertEquals(project.rounds, rounds === 0 ? [] : [[file]]);
    assertEquals(Deno.readTextFileSync(project.path(file)), text);
  } finally {
    await project.stop();
    Deno.removeSync(outside, { recursive: true });
  }
}
