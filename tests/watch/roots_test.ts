import { assertEquals } from "@std/assert";
import { expandBraces } from "../../lib/watch/ignore/braces.ts";
import { waitUntil } from "../support/wait_until.ts";
import { inProject } from "./support/project.ts";

for (const pollMs of [null, 20]) {
  const how = pollMs === null ? "by events" : "by polling";
  for (const path of ["src", "src/in/deep", "src/app.ts"]) {
    Deno.test(`a root that is missing at first is waited for, and it is said: "${path}", ${how}`, () =>
      inProject(async (project) => {
        project.write("also/b.ts", "1");
        await project.start({ watch: [path, "also"], pollMs });
        assertEquals(project.notices, [
          `Waiting for "${project.path(path)}": no such file or folder`,
        ]);
        const file = path.endsWith(".ts") ? path : `${path}/a.ts`;
        for (const text of ["1", "2"]) {
          project.write(file, text);
          await project.said(file);
        }
        project.write("also/b.ts", "2");
        await project.said("also/b.ts");
        assertEquals(project.notices.length, 1);
      }));
  }

  Deno.test(`a glob of -w chooses files below the folder above its first wildcard: ${how}`, () =>
    inProject(async (project) => {
      const counting = ["src/a.txt", "src/in/deep/b.txt", "lib/one/x.ts", "lib/two/x.tsx", "c.md"];
      const others = [
        "src/a.log",
        "lib/one/in/x.ts",
        "lib/x.ts",
        "src/.gitignore",
        "d/c.md",
        "e.ts",
      ];
      const dropped = ["src/ignored.txt", "packages/a/test/y.ts"];
      const folders = ["packages/a/src/in/y.ts"];
      for (const name of [...counting, ...others, ...dropped, ...folders]) project.write(name, "1");
      project.write("src/.gitignore", "ignored.txt");
      const globs = ["src/**/*.txt", "lib/*/x.{ts,tsx}", "*.md", "packages/*/src"];
      await project.start({ watch: globs, pollMs });
      project.watch.mark(2);
      for (const name of [...others, ...dropped, ...counting, ...folders]) {
        if (name !== "src/.gitignore") project.write(name, "2");
      }
      project.write("src/new.txt", "1");
      await project.said("src/new.txt");
      await waitUntil("all that count have changed", (saw) => {
        return saw(project.watch.differences(2)).length === counting.length + folders.length + 1;
      });
      const wanted = [...counting, ...folders, "src/new.txt"].sort();
      assertEquals(project.watch.differences(2), wanted);
    }));
}

Deno.test("what is there by the very name of a glob is no glob", () =>
  inProject(async (project) => {
    project.write("app/[id]/page.ts", "1");
    project.write("app/i/page.ts", "1");
    await project.start({ watch: ["app/[id]"] });
    project.write("app/i/page.ts", "2");
    project.write("app/[id]/page.ts", "2");
    await project.said("app/[id]/page.ts");
    assertEquals(project.rounds, [["app/[id]/page.ts"]]);
  }));

Deno.test("braces stand for alternatives", () => {
  assertEquals(expandBraces("*.{ts,tsx}"), ["*.ts", "*.tsx"]);
  assertEquals(expandBraces("{a,b/{c,d}}/e"), ["a/e", "b/c/e", "a/e", "b/d/e"]);
  for (const plain of ["a", "{a}", "{", "}", "{}", "a{b", "{,"]) {
    assertEquals(expandBraces(plain), [plain]);
  }
  const many = "{a,b}".repeat(30);
  assertEquals(expandBraces(many).length, 64);
});

Deno.test("globs count beside paths that are named whole, in a folder of theirs", () =>
  inProject(async (project) => {
    const counting = ["a.md", "dist/b.js", "src/a.ts"];
    for (const name of [...counting, "b.ts", "lib/a.md"]) project.write(name, "1");
    project.write(".gitignore", "dist");
    await project.start({ watch: ["*.md", "src", "dist"] });
    project.watch.mark(2);
    for (const name of ["b.ts", "lib/a.md", ...counting]) project.write(name, "2");
    await waitUntil("what counts has changed", (saw) => {
      return saw(project.watch.differences(2).join()) === counting.join();
    });
  }));
