import { assertEquals } from "@std/assert";
import { platform } from "../../support/platform.ts";
import { Project } from "../support/project.ts";

for (
  const [what, script, changed] of [
    ["a file removed from a folder", "rm src/b.ts", ["src"]],
    ["a file removed from the working directory", "rm a.ts", ["."]],
    ["an ignored folder made, as Python does", "mkdir src/__pycache__", []],
    ["a file removed and another written", "rm src/b.ts; echo 2 > src/c.ts", ["src/c.ts"]],
  ] as const
) {
  Deno.test(`between the start of the program and the arming: ${what}`, async () => {
    const project = new Project();
    try {
      for (const name of ["a.ts", "src/b.ts", "src/c.ts"]) project.write(name, "1");
      // Baton keeps writing to its own folder meanwhile.
      await project.start(
        {},
        platform(),
        () => project.run(`${script}; touch .baton/record .baton`),
      );
      await project.cookie();
      assertEquals(project.watch.differences(1).filter((path) => !/^cookie/.test(path)), [
        ...changed,
      ]);
    } finally {
      await project.stop();
    }
  });
}
