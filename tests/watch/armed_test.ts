import { assertEquals } from "@std/assert";
import { Project } from "./support/project.ts";

for (
  const [what, watch, files, folders] of [
    ["the working directory", ".", 3, 2],
    ["a folder in it", "src", 2, 1],
    ["a file in a folder", "src/a.ts", 1, 0],
  ] as const
) {
  Deno.test(`what counts is told, not what is watched for its sake: ${what}`, async () => {
    const project = new Project();
    try {
      for (const name of ["main.ts", "src/a.ts", "src/b.ts"]) project.write(name, name);
      await project.start({ watch: [watch] });
      assertEquals([project.armed?.files, project.armed?.folders], [files, folders]);
    } finally {
      await project.stop();
    }
  });
}
