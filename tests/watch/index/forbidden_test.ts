import { assertEquals } from "@std/assert";
import { type Files, PlatformError } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import { isWithin } from "../../../lib/paths/path.ts";
import { inProject } from "../support/project.ts";
import { withFiles } from "../support/with_files.ts";

const real = platform();

/** What another user meets with whose right to look below a folder, or into a file, comes and goes. */
class Shut {
  path: string | null = null;

  readonly files: Partial<Files> = {
    stat: (path) => this.#guard(path, real.files.stat),
    lstat: (path) => this.#guard(path, real.files.lstat),
    readDir: (path) => this.#guard(`${path}/entry`, real.files.readDir, path),
    readRegular: (path, options) =>
      this.#guard(`${path}/text`, () => real.files.readRegular(path, options), path),
  };

  #guard<T>(asked: string, run: (path: string) => T, path = asked): T {
    if (this.path === null || asked === this.path || !isWithin(asked, this.path)) return run(path);
    throw new PlatformError("EACCES", `Cannot look at "${path}": permission denied`, path);
  }
}

for (const pollMs of [null, 20]) {
  for (const watch of [".", "in/inner"]) {
    const how = `${pollMs === null ? "by events" : "by polling"}, with "${watch}" watched`;
    Deno.test(`the watch outlives a folder that nobody may look into for a while: ${how}`, () =>
      inProject(async (project) => {
        const shut = new Shut();
        for (const name of ["in/a.ts", "in/inner/b.ts"]) project.write(name, "1");
        await project.start({ watch: [watch], pollMs }, withFiles(real, shut.files));
        shut.path = project.path("in");
        project.write("in/a.ts", "2");
        project.write("in/inner/b.ts", "2");
        Deno.utimeSync(project.path("in"), 1, 1);
        if (watch === ".") await project.cookie();
        shut.path = null;
        project.write("in/inner/b.ts", "3");
        await project.said("in/inner/b.ts");
      }));
  }
}

for (const pollMs of [null, 20]) {
  const how = pollMs === null ? "by events" : "by polling";
  Deno.test(`a folder that nobody may look into at first is taken in when that is allowed: ${how}`, () =>
    inProject(async (project) => {
      const shut = new Shut();
      for (const name of ["in/a.ts", "b.ts"]) project.write(name, "1");
      shut.path = project.path("in");
      await project.start({ pollMs }, withFiles(real, shut.files));
      assertEquals(project.armed?.files, 1);
      await project.cookie();
      shut.path = null;
      Deno.chmodSync(project.path("in"), 0o711);
      await project.said("in/a.ts");
      project.write("in/a.ts", "2");
      await project.said("in/a.ts");
    }));
}

Deno.test("an ignore file that nobody may read says nothing, and is told of", () =>
  inProject(async (project) => {
    const shut = new Shut();
    project.write(".gitignore", "a.ts\n");
    project.write("a.ts", "1");
    shut.path = project.path(".gitignore");
    await project.start({}, withFiles(real, shut.files));
    project.write("a.ts", "2");
    await project.cookie();
    assertEquals(project.rounds, [["a.ts"]]);
    assertEquals(project.notices, [
      `Cannot look at "${project.path(".gitignore")}": permission denied`,
    ]);
    shut.path = null;
    project.write(".gitignore", "a.*\n");
    await project.cookie();
    shut.path = project.path(".gitignore");
    project.write(".gitignore", "b.*\n");
    await project.cookie();
    project.write("a.ts", "3");
    await project.cookie();
    assertEquals(project.rounds.at(-1), ["a.ts"]);
  }));
