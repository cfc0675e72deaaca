import { assertEquals, fail } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { Filter, type FilterSettings } from "../../../lib/watch/ignore/filter.ts";
import { FakePlatform } from "../../support/fake_platform.ts";

/** Which of the paths count, asked top-down as a walk does, beside these ignore files. */
function counting(
  paths: readonly string[],
  files: Record<string, string> = {},
  settings: Partial<FilterSettings> = {},
): string[] {
  const cwd = Deno.makeTempDirSync({ prefix: "baton_filter_" });
  try {
    for (const [name, text] of Object.entries(files)) {
      if (name.includes("/")) Deno.mkdirSync(`${cwd}/${name.slice(0, name.lastIndexOf("/"))}`);
      Deno.writeTextFileSync(`${cwd}/${name}`, text);
    }
    const filter = new Filter(new FakePlatform(), {
      ...{ cwd, ext: [], ignore: [], gitignore: true, rules: [], stateDir: `${cwd}/state` },
      ...settings,
    }, ({ what }) => fail(what));
    const globs = filter.rulesOf({ path: cwd, only: null });
    return paths.filter((path) => {
      const parts = path.split("/");
      let chain = filter.ignoreFiles.inside(filter.ignoreFiles.outside(cwd), cwd);
      for (let depth = 1; depth < parts.length; depth++) {
        const folder = `${cwd}/${parts.slice(0, depth).join("/")}`;
        if (!filter.countsAsFolder(folder, globs, chain)) return false;
        chain = filter.ignoreFiles.inside(chain, folder);
      }
      return filter.countsAsFile(`${cwd}/${path}`, globs, chain);
    });
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
}

Deno.test("what editors and tools leave behind does not count", () => {
  const dropped = [
    ...["a.ts~", ".a.ts.swp", ".a.ts.swx", "4913", ".#a.ts", "#a.ts#", "a.ts___jb_tmp___"],
    ...["a.ts___jb_old___", ".DS_Store", ".git/HEAD", "node_modules/a/b.js", "a/__pycache__/b.pyc"],
    ...[".astro/types.d.ts", "web/.parcel-cache/a", ".angular/cache/a", ".nx/workspace-data/a"],
    ...["a/.mypy_cache/a.json", "__marimo__/session/nb.py.json", ".gradio/flagged/a.csv"],
    ...["tsconfig.build.tsbuildinfo", ".tsbuildinfo", ".eslintcache", ".php-cs-fixer.cache"],
    ...["vite.config.ts.timestamp-1795939-a1b2c3.mjs", "tsup.config.bundled_ab12.mjs"],
    ...["app.config.timestamp_1795948611197.js", "rollup.config-1795948611197.cjs"],
    ...[".venv/bin/python", "venv/bin/python", "state/1.bin", ".a.ts.swpx", ".a.ts.un~"],
    ...[".a.ts.kate-swp", "flycheck_a.ts", "a_flymake.ts", "Makefile_flymake", ".~lock.a.odt#"],
    ...["~$a.docx", ".nfs0000000000a1", ".fuse_hidden0000012", ".goutputstream-AB12CD"],
    ...["Thumbs.db", "desktop.ini", ".directory", "._a.ts", ".idea/workspace.xml"],
    ...[".~tmp~/a.ts", ".tmpAb12Cd", "a.tsAb12Cd.bck", "lu123ab.tmp", ".syncthing.a.ts.tmp"],
    ...["a/.ipynb_checkpoints/a", ".a.ts.Ab12Cd", ".a.ts.abcde1", ".a.ts.kak.Xy12Zz"],
    ...[
      ".sublb12.tmp",
      "server.pid",
      "db.sqlite3",
      "db.sqlite3-journal",
      "a.db-wal",
      "a.db-shm",
      "nohup.out",
      "celerybeat-schedule",
      "celerybeat-schedule.dat",
      "CPU.20261129.1.0.cpuprofile",
      "out.prof",
    ],
    ...[".coverage", ".coverage.vm.1.x", "a.ts___jb_bak___", "a.ts.vsctmp", "a.ts.LKvzCK"],
    ...["a.ts.sb-2806a32c-kCs42c", "~WRL0001.tmp", "~syncthing~a.ts.tmp", ".~a.ts", ".a.ts.~1a2b"],
    ...["sedyBMgGl", "XXKYbgm7", "tmp7sc4ki1i", "a.ts.orig", "a.ts.rej", "a_BASE_123.ts", "tags"],
    ...["tags.temp", "GTAGS", "cscope.in.out", ".mutagen-temporary-Pi", ".in.a.ts.", "a.ts.!sync"],
    ...[
      "a.ts.filepart",
      ".vscode/settings.json",
      ".dropbox.cache/a",
      ".stfolder/a",
      "a.sublime-workspace",
    ],
  ];
  const kept = [
    ...["a.ts", "swp.ts", "49130", ".env", "jb_tmp", "git/HEAD", "4913/a.ts", "a~/b.ts", ".swift"],
    ...[".env.sample", ".env.docker", ".eslintrc.config", "a.b.Ab12Cd", "flychecker.ts"],
    ...[
      "vite.config.js",
      "app.config.prod.js",
      "vite.config-prod.js",
      "timestamp-1.js",
      "a.bundled_1.js",
    ],
    ...["my_flymaker.el", "idea/a.xml", ".nfs-exports", "$a", ".ideas"],
    ...[
      "sqlite3.py",
      "pid",
      "a.pid.ts",
      "my-journal",
      ".coveragerc",
      "a.test.Module.ts",
      "a.b.README",
    ],
    ...[
      "sedentary",
      "sedan.txt",
      "XXII",
      "tmp_storage",
      "tmp1.txt",
      "tags/a.ts",
      "tags.ts",
      "original",
    ],
    ...["a_BASE_x.ts", ".vscode.json", "dropbox", "a.part", "~a.ts", "a.min.js", "a.d.ts"],
    ...[".streamlit/config.toml", ".storybook/main.ts", "astro/a.ts"],
  ];
  assertEquals(counting([...dropped, ...kept]), kept);
});

Deno.test("without ignore files and built-ins everything counts but the state", () => {
  const paths = ["a.ts~", "node_modules/a.js", "a.log", "state/1.bin"];
  assertEquals(counting(paths, { ".gitignore": "*.log" }, { gitignore: false }), paths.slice(0, 3));
});

Deno.test("the nearest ignore file decides, and may include again", () => {
  const files = { ".gitignore": "*.log\n/build/\n", "a/.gitignore": "!keep.log\n*.tmp\n" };
  assertEquals(
    counting(["x.log", "a/keep.log", "a/x.log", "a/x.tmp", "x.tmp", "build/x", "a/build/x"], files),
    ["a/keep.log", "x.tmp", "a/build/x"],
  );
});

Deno.test(".batonignore decides before the .gitignore beside it", () => {
  const files = { ".gitignore": "a.txt\n", ".batonignore": "!a.txt\nb.txt\n" };
  assertEquals(counting(["a.txt", "b.txt", "c.txt"], files), ["a.txt", "c.txt"]);
});

Deno.test("globs of the settings decide before any file", () => {
  const files = { ".gitignore": "a.txt\n" };
  const settings = { ignore: ["!a.txt", "docs/"] };
  assertEquals(counting(["a.txt", "docs/a.md", "b.txt"], files, settings), ["a.txt", "b.txt"]);
});

Deno.test("globs may be written as paths, and negated", () => {
  const paths = ["src/a.ts", "b/src/a.ts", "src/b.ts", "src"];
  for (const at of [".", "/home/me/p", "../p", "/"]) {
    const filter = new Filter(new FakePlatform(), {
      ...{ cwd: "/home/me/p", ext: [], gitignore: true, rules: [], stateDir: "/state" },
      ignore: [`${at}/src/*`.replace("//", "/"), `!${at}/src/b.ts`.replace("//", "/")],
    }, ({ what }) => fail(what));
    const globs = filter.rulesOf({ path: "/home/me/p", only: null });
    const left = paths.filter((path) =>
      !filter.countsAsFile(`/home/me/p/${path}`, globs, filter.ignoreFiles.outside("/home/me/p"))
    );
    assertEquals(left, ["src/a.ts"], at);
  }
});

Deno.test("a path that leads out of the working directory is left out of the root that it leads to", () => {
  const filter = new Filter(new FakePlatform(), {
    ...{ cwd: "/home/me/p", ext: [], gitignore: true, rules: [], stateDir: "/state" },
    ignore: ["../lib/made/", "./made"],
  }, ({ what }) => fail(what));
  const counts = (root: string, path: string) =>
    filter.countsAsFolder(
      path,
      filter.rulesOf({ path: root, only: null }),
      filter.ignoreFiles.outside(root),
    );
  assertEquals(counts("/home/me/lib", "/home/me/lib/made"), false);
  assertEquals(counts("/home/me/lib", "/home/me/lib/a/made"), true);
  assertEquals(counts("/home/me/p", "/home/me/p/made"), false);
});

Deno.test("extensions choose among files, in every folder", () => {
  const settings = { ext: ["py", "toml"] };
  assertEquals(
    counting(["a.py", "b/c.toml", "a.ts", "py", "a.py.txt"], {}, settings),
    ["a.py", "b/c.toml"],
  );
  assertEquals(counting(["a.d.ts", "a.ts", "d.ts"], {}, { ext: ["d.ts"] }), ["a.d.ts"]);
});

Deno.test("a file that is called by an extension alone has it", () => {
  const names = [".env", "local.env", ".env.local", "env", "a/.env", "a.envx"];
  assertEquals(counting(names, {}, { ext: ["env"] }), [".env", "local.env", "a/.env"]);
});

Deno.test("ignore files above the root hold up to the repository; rules that hit the root itself do not", () => {
  const cwd = Deno.makeTempDirSync({ prefix: "baton_filter_" });
  try {
    Deno.mkdirSync(`${cwd}/.git`);
    ensureDirSync(`${cwd}/dist/sub`);
    Deno.writeTextFileSync(`${cwd}/.gitignore`, "dist/\n");
    Deno.writeTextFileSync(`${cwd}/dist/.gitignore`, "*.log\n");
    const root = `${cwd}/dist/sub`;
    const filter = new Filter(new FakePlatform(), {
      ...{ cwd: root, ext: [], ignore: [], gitignore: true, rules: [], stateDir: `${root}/state` },
    }, ({ what }) => fail(what));
    assertEquals(filter.ignoreFiles.foldersAbove(root), [cwd, `${cwd}/dist`]);
    const counts = (name: string) =>
      filter.countsAsFile(
        `${root}/${name}`,
        filter.rulesOf({ path: root, only: null }),
        filter.ignoreFiles.outside(root),
      );
    assertEquals([counts("a.ts"), counts("a.log")], [true, false]);
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
});

Deno.test("a folder that a nearer ignore file includes again counts with what is in it", () => {
  const paths = ["build/a.py", "a/build/d.py", "a/build/d.log", "a/build/in/deep/c.py"];
  const files = { ".gitignore": "build/\n*.log\n", "a/.gitignore": "!build/\n" };
  assertEquals(counting(paths, files), ["a/build/d.py", "a/build/in/deep/c.py"]);
  const asked = { ignore: ["!build/"] };
  assertEquals(counting(paths, { ".gitignore": "build/\n*.log\n" }, asked), [
    "build/a.py",
    "a/build/d.py",
    "a/build/in/deep/c.py",
  ]);
});

Deno.test("folders that a build tool fills do not count beside its file", () => {
  const files = { "pom.xml": "", "rust/Cargo.toml": "", "app/build.gradle.kts": "" };
  const kept = ["src/target/a.java", "app/src/A.java", "rust/src/target.rs", "build/b.js"];
  const left = ["target/A.class", "rust/target/debug/a", "app/build/a.class", "app/.gradle/x"];
  assertEquals(counting(["dist/main.js", "nest/dist/main.js"], { "nest/nest-cli.json": "" }), [
    "dist/main.js",
  ]);
  assertEquals(counting([...kept, ...left], files), kept);
  assertEquals(counting(left, files, { gitignore: false }), left);
  assertEquals(counting(left, files, { ignore: ["!target"] }), left.slice(0, 2));
});
