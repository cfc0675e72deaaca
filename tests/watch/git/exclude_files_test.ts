import { assertEquals } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { excludeFilesOf } from "../../../lib/watch/git/exclude_files.ts";
import { readGitConfig } from "../../../lib/watch/git/git_config.ts";
import { platform } from "../../support/platform.ts";
import { FakePlatform } from "../../support/fake_platform.ts";
import { inProject } from "../support/project.ts";

const USER = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@a" };

/** What git itself says, with its configuration in the folder `home`. */
function git(folder: string, home: string, ...args: string[]): string {
  const { stdout } = new Deno.Command("git", {
    args: ["-C", folder, ...args],
    clearEnv: true,
    env: { ...USER, HOME: home, PATH: Deno.env.get("PATH")!, GIT_CONFIG_NOSYSTEM: "1" },
    stderr: "null",
  }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

function withHome(run: (home: string, on: FakePlatform) => void): void {
  const home = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton_home_" }));
  try {
    ensureDirSync(`${home}/.config/git`);
    Deno.mkdirSync(`${home}/p`);
    run(home, new FakePlatform(`${home}/p`, [], { HOME: home, GIT_CONFIG_NOSYSTEM: "1" }));
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
}

for (
  const [what, text] of Object.entries({
    "nothing": "",
    "a path": "[core]\n\texcludesFile = /x/ignore\n",
    "a path in the home folder": "[core]\nexcludesfile = ~/.ignore # mine\n",
    "quotes and escapes": '[core]\nexcludesfile = "/x/a # \\"b\\" ; c"\n',
    "a line that goes on": "[core]\nexcludesfile = /x/\\\nignore\n",
    "another section": "[other]\nexcludesfile = /y\n[core]\nbare = false\n",
    "the last of several":
      "[core]\nexcludesfile = /y\n[user]\nname = a\n[CORE] EXCLUDESFILE = /z\n",
    "a subsection": '[core]\nexcludesfile = /y\n[core "sub"]\nexcludesfile = /z\n',
    "an include": "[include]\npath = more\n",
    "an include of itself": "[include]\npath = ~/.gitconfig\n[core]\nexcludesfile = /y\n",
  })
) {
  Deno.test(`git's configuration says of its ignore file what git reads in it: ${what}`, () =>
    withHome((home, on) => {
      Deno.writeTextFileSync(`${home}/.gitconfig`, text);
      Deno.writeTextFileSync(`${home}/more`, "[core]\nexcludesfile = ~/more.ignore\n");
      const said = git(
        home,
        home,
        "config",
        "--global",
        "--includes",
        "--path",
        "core.excludesfile",
      );
      const expected = what === "an include of itself" ? "/y" : said; // Git refuses that.
      assertEquals(readGitConfig(on, `${home}/.gitconfig`, "core", "excludesfile") ?? "", expected);
    }));
}

Deno.test("the files are the user's, by its configuration or its place, and the repository's", () =>
  withHome((home, on) => {
    const folder = `${home}/p`;
    assertEquals(excludeFilesOf(on, folder), []);
    git(folder, home, "init", "-q");
    const own = `${folder}/.git/info/exclude`;
    assertEquals(excludeFilesOf(on, folder), [`${home}/.config/git/ignore`, own]);
    Deno.writeTextFileSync(`${home}/.gitconfig`, "[core]\nexcludesfile = ~/mine\n");
    assertEquals(excludeFilesOf(on, folder), [`${home}/mine`, own]);
    git(folder, home, "config", "core.excludesfile", "/other");
    assertEquals(excludeFilesOf(on, folder), ["/other", own]);
    Object.assign(on.environment, { XDG_CONFIG_HOME: `${home}/xdg` });
    git(folder, home, "config", "--unset", "core.excludesfile");
    Deno.removeSync(`${home}/.gitconfig`);
    assertEquals(excludeFilesOf(on, folder), [`${home}/xdg/git/ignore`, own]);
  }));

Deno.test("a configuration that is no text, without end or huge says nothing", () =>
  withHome((home, on) => {
    const file = `${home}/.gitconfig`;
    for (const text of ["[".repeat(60_000), `[a${" ".repeat(60_000)}`, `a${" ".repeat(60_000)}b`]) {
      Deno.writeTextFileSync(file, text);
      assertEquals(readGitConfig(on, file, "core", "excludesfile"), null);
    }
    Deno.removeSync(file);
    Deno.symlinkSync("/dev/zero", file);
    assertEquals(readGitConfig(on, file, "core", "excludesfile"), null);
  }));

Deno.test("what git ignores by files of its own does not count, in each repository what it says itself", () =>
  inProject(async (project) => {
    project.run("git init -q . && mkdir -p in && git init -q in && git init -q --bare away.git");
    project.write("a.txt", "1");
    project.run(`
      echo '/scratch.txt' >>.git/info/exclude; echo '/only_in.txt' >>in/.git/info/exclude
      mkdir mine; printf '[core]\\nexcludesfile = %s/mine/ignore\\n' "$PWD" >mine/config
      echo '*.mine' >mine/ignore; echo '!kept.mine' >.gitignore`);
    const env = () => ({
      GIT_CONFIG_GLOBAL: project.path("mine/config"),
      GIT_CONFIG_NOSYSTEM: "1",
    });
    await project.start({}, { ...platform(), env });
    project.watch.mark(2);
    const ignored = ["scratch.txt", "x.mine", "in/only_in.txt", "in/y.mine"];
    const counting = ["kept.mine", "in/scratch.txt", "only_in.txt", "a.txt"];
    for (const name of [...ignored, ...counting]) project.write(name, "2");
    await project.said("a.txt");
    await project.cookie();
    const found = project.watch.differences(2).filter((name) => !name.startsWith("cookie_"));
    assertEquals(found, counting.toSorted());
  }));

Deno.test("a working tree elsewhere heeds what its repository excludes", () =>
  inProject(async (project) => {
    project.run(`git init -q main && cd main && git commit -q --allow-empty -m 1
      git worktree add -q ../tree && echo scratch.txt >>.git/info/exclude`);
    project.write("tree/a.txt", "1");
    const env = () => ({ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" });
    await project.start({ watch: ["tree"] }, { ...platform(), env });
    for (const name of ["tree/scratch.txt", "tree/a.txt"]) project.write(name, "2");
    await project.said("tree/a.txt");
    assertEquals(project.rounds, [["tree/a.txt"]]);
  }));
