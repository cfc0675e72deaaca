import { assertEquals } from "@std/assert";
import type { FileEvents, Files } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import { Project } from "../support/project.ts";
import { withFiles } from "../support/with_files.ts";

const real = platform();

Deno.test("a folder is listed before it is watched only if there are folders in it", async () => {
  const project = new Project();
  const done: string[] = [];
  const events: FileEvents = {
    ...real.events,
    watch(observer) {
      const watch = real.events.watch(observer);
      const add = watch.add.bind(watch);
      watch.add = (folders) => {
        done.push(...folders.map((folder) => `watch ${folder}`));
        add(folders);
      };
      return watch;
    },
  };
  const readDir: Files["readDir"] = (path) => {
    done.push(`list ${path}`);
    return real.files.readDir(path);
  };
  try {
    project.write("src/inner/a.ts", "1");
    await project.start({}, withFiles({ ...real, events }, { readDir }));
    const order = (folder: string) =>
      done.filter((what) => what.endsWith(` ${folder}`)).map((what) => what.split(" ")[0]);
    for (const folder of [project.folder, project.path("src")]) {
      assertEquals(order(folder).slice(0, 2), ["list", "watch"], done.join("\n"));
    }
    assertEquals(order(project.path("src/inner")).slice(0, 2), ["watch", "list"], done.join("\n"));
  } finally {
    await project.stop();
  }
});

Deno.test("where a file system counts no folders, those that are there are found all the same", async () => {
  const project = new Project();
  const stat: Files["stat"] = (path) => {
    const found = real.files.stat(path);
    return found?.kind === "directory" ? { ...found, links: 2 } : found;
  };
  try {
    for (const name of ["a/b/c/d.ts", "a/b/e.ts"]) project.write(name, "1");
    await project.start({}, withFiles(real, { stat }), () => project.write("a/b/c/d.ts", "2"));
    await project.cookie();
    assertEquals(changed(project), ["a/b/c/d.ts"]);
    project.write("a/b/e.ts", "2");
    await project.cookie();
    assertEquals(changed(project), ["a/b/c/d.ts", "a/b/e.ts"]);
  } finally {
    await project.stop();
  }
});

Deno.test("what is in a folder without folders decides what of it counts", async () => {
  const project = new Project();
  try {
    project.write("env/pyvenv.cfg", "");
    project.write("logs/.gitignore", "*.log\n");
    await project.start({});
    for (const name of ["env/a.py", "logs/a.log", "logs/b.py"]) project.write(name, "1");
    await project.cookie();
    assertEquals(changed(project), ["logs/b.py"]);
  } finally {
    await project.stop();
  }
});

function changed(project: Project): string[] {
  return project.watch.differences(1).filter((path) => !path.startsWith("cookie"));
}
