import { assertEquals } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { Git } from "../../../lib/watch/git/git.ts";
import { FakePlatform } from "../../support/fake_platform.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { inProject, type Project } from "../support/project.ts";

/** Whether git counts as busy once `prepare` has played it, as seen `ageMs` later. */
function isBusy(
  prepare: (folder: string) => string | void,
  { ageMs = 0 }: { ageMs?: number } = {},
): boolean {
  const folder = Deno.makeTempDirSync({ prefix: "baton_git_" });
  try {
    Deno.mkdirSync(`${folder}/.git`);
    const root = prepare(folder) ?? folder;
    return gitOf(root, ageMs).holder([]) !== null;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function gitOf(root: string, ageMs = 0): Git {
  const platform = new FakePlatform();
  const wallNow = Date.now() + ageMs;
  Object.assign(platform.clock, { wallNow: () => wallNow });
  return new Git(platform, [root]);
}

const lock = (folder: string) => Deno.writeTextFileSync(`${folder}/.git/index.lock`, "");
const rebase = (folder: string) => Deno.mkdirSync(`${folder}/.git/rebase-merge`);

Deno.test("a repository at rest is not busy", () => {
  assertEquals(isBusy(() => {}), false);
});

Deno.test("the lock of the index means busy, unless a git that died left it behind", () => {
  assertEquals(isBusy(lock), true);
  assertEquals(isBusy(lock, { ageMs: 12_000 }), false);
  assertEquals(isBusy(lock, { ageMs: -3_600_000 }), false);
});

Deno.test("a rebase that moves is busy; one that waits for a person is not", () => {
  assertEquals(isBusy(rebase), true);
  assertEquals(isBusy(rebase, { ageMs: 4_000 }), false);
  assertEquals(
    isBusy((folder) => {
      rebase(folder);
      Deno.writeTextFileSync(`${folder}/.git/rebase-merge/stopped-sha`, "1");
    }),
    false,
  );
});

Deno.test("the repository is found from a folder below, and through the pointer of a worktree", () => {
  assertEquals(
    isBusy((folder) => {
      lock(folder);
      Deno.mkdirSync(`${folder}/src`);
      return `${folder}/src`;
    }),
    true,
  );
  assertEquals(
    isBusy((folder) => {
      lock(folder);
      Deno.mkdirSync(`${folder}/tree`);
      Deno.writeTextFileSync(`${folder}/tree/.git`, `gitdir: ${folder}/.git\n`);
      return `${folder}/tree`;
    }),
    true,
  );
});

Deno.test("a repository below the root counts where something in it changed", () => {
  const folder = Deno.makeTempDirSync({ prefix: "baton_git_" });
  try {
    for (const name of ["one", "two"]) {
      ensureDirSync(`${folder}/${name}/.git`);
    }
    lock(`${folder}/one`);
    const git = gitOf(folder);
    const holder = (...paths: string[]) => git.holder(paths.map((path) => `${folder}/${path}`));
    assertEquals(holder(), null);
    assertEquals(holder("two/a.ts", "b.ts"), null);
    assertEquals(holder("two/a.ts", "one/gone/a.ts"), `${folder}/one/.git/index.lock`);
    assertEquals(holder(), `${folder}/one/.git/index.lock`, "it goes on");
    Deno.removeSync(`${folder}/one/.git/index.lock`);
    assertEquals(holder("one/a.ts"), null);
    lock(`${folder}/one`);
    assertEquals(holder(), null, "it is over");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a pointer that nobody may read, or that leads nowhere, is no repository", () => {
  for (const pointer of ["", "gitdir: nowhere\n"]) {
    assertEquals(
      isBusy((folder) => {
        lock(folder);
        Deno.mkdirSync(`${folder}/tree`);
        Deno.writeTextFileSync(`${folder}/tree/.git`, pointer);
        Deno.renameSync(`${folder}/.git`, `${folder}/elsewhere`);
        return `${folder}/tree`;
      }),
      false,
    );
  }
});

/** A change of `file` is told of when `lock` is gone, and no sooner. */
async function waitsFor(lock: string, file: string, project: Project): Promise<void> {
  await project.start();
  project.write(lock, "");
  project.write(file, "2");
  await waitUntil("it is said", () => project.notices.length > 0);
  assertEquals(project.rounds, []);
  Deno.removeSync(project.path(lock));
  await project.said(file);
}

Deno.test("a change in a submodule waits for git there", () =>
  inProject(async (project) => {
    const git = "git -c user.name=a -c user.email=a@b -c protocol.file.allow=always";
    project.run(
      `${git} init -q sub && cd sub && echo 1 > a.ts && ${git} add . && ${git} commit -qm 1`,
    );
    project.run(`${git} init -q . && ${git} submodule --quiet add ./sub deep/sub && rm -rf sub`);
    await waitsFor(".git/modules/deep/sub/index.lock", "deep/sub/a.ts", project);
  }));

Deno.test("a change in a repository below the root waits for git there", () =>
  inProject(async (project) => {
    project.run("git init -q clone && echo 1 > clone/a.ts");
    await waitsFor("clone/.git/index.lock", "clone/a.ts", project);
  }));

Deno.test("a change that waits for git is said to, once, and is not lost", () =>
  inProject(async (project) => {
    project.write("a.ts", "1");
    project.run("git init -q .");
    await waitsFor(".git/index.lock", "a.ts", project);
    assertEquals(project.notices, ["Waiting for git"]);
  }));
