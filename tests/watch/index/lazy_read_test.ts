import { assertEquals } from "@std/assert";
import { platform } from "../../support/platform.ts";
import { Project } from "../support/project.ts";
import { withFiles } from "../support/with_files.ts";

Deno.test("a save between the look at a file's times and its first reading is not lost", async () => {
  const project = new Project();
  try {
    project.write("a.ts", "1");
    const real = platform();
    let isSaved = false;
    const readBytes = (path: string) => {
      if (path === project.path("a.ts") && !isSaved) {
        isSaved = true;
        project.write("a.ts", "2");
      }
      return real.files.readBytes(path);
    };
    await project.start({}, withFiles(real, { readBytes }));
    await project.cookie();
    assertEquals([isSaved, project.rounds], [true, [["a.ts"]]]);
  } finally {
    await project.stop();
  }
});
