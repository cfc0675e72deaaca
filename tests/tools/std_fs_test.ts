/** What is used of `@std/fs`, the same whether JSR has it or a stand-in is in its place. */
import { assertEquals, assertThrows } from "@std/assert";
import { copySync } from "@std/fs/copy";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { expandGlobSync } from "@std/fs/expand-glob";
import { type WalkOptions, walkSync } from "@std/fs/walk";
import { relative } from "@std/path";

/** Runs in a folder with files, folders and links in it. */
function withTree(run: (root: string) => void): void {
  const root = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    ensureDirSync(`${root}/a/deep`);
    for (const file of ["one.ts", "two.js", "a/three.ts", "a/deep/four.ts", "a/deep/.hidden.ts"]) {
      Deno.writeTextFileSync(`${root}/${file}`, file);
    }
    Deno.symlinkSync("one.ts", `${root}/link.ts`);
    Deno.symlinkSync("a", `${root}/folder`);
    run(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("a walk follows no link, and gives what its options ask for", () => {
  withTree((root) => {
    const walk = (options: WalkOptions) =>
      Array.from(walkSync(root, options), ({ path }) => relative(root, path)).sort();
    const files = ["a/deep/.hidden.ts", "a/deep/four.ts", "a/three.ts", "one.ts", "two.js"];
    assertEquals(walk({}), ["", "a", "a/deep", "folder", "link.ts", ...files].sort());
    assertEquals(walk({ includeDirs: false, includeSymlinks: false }), files);
    assertEquals(walk({ exts: ["js"] }), ["two.js"]);
    assertEquals(walk({ exts: [".ts"], maxDepth: 1 }), ["link.ts", "one.ts"]);
    assertEquals(walk({ match: [/three/, /two/] }), ["a/three.ts", "two.js"]);
    assertEquals(walk({ includeDirs: false, skip: [/\/a$/, /link/] }), [
      "folder",
      "one.ts",
      "two.js",
    ]);
  });
});

Deno.test("a glob is expanded in order, below its root", () => {
  withTree((root) => {
    const expand = (glob: string, exclude: string[] = []) =>
      Array.from(expandGlobSync(glob, { root, exclude }), ({ path }) => relative(root, path));
    assertEquals(expand("*.ts"), ["link.ts", "one.ts"]);
    assertEquals(expand("*.ts", ["link.*"]), ["one.ts"]);
    assertEquals(expand("*/three.ts"), ["a/three.ts"]);
    assertEquals(expand("nothing/*"), []);
  });
});

Deno.test("a folder is copied with its links, and over nothing", () => {
  withTree((root) => {
    copySync(`${root}/a`, `${root}/b`);
    copySync(`${root}/link.ts`, `${root}/other.ts`);
    assertEquals(Deno.readTextFileSync(`${root}/b/deep/four.ts`), "a/deep/four.ts");
    assertEquals(Deno.readLinkSync(`${root}/other.ts`).endsWith("one.ts"), true);
    assertThrows(() => copySync(`${root}/a`, `${root}/b`), Deno.errors.AlreadyExists);
    copySync(`${root}/two.js`, `${root}/one.ts`, { overwrite: true });
    assertEquals(Deno.readTextFileSync(`${root}/one.ts`), "two.js");
  });
});
