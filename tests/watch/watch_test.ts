import { assert, assertEquals, assertMatch } from "@std/assert";
import { platform } from "../support/platform.ts";
import type { WatchSettings } from "../../lib/watch/watch.ts";
import { waitUntil } from "../support/wait_until.ts";
import { inProject, type Project } from "./support/project.ts";

/** Watches `a.ts`, does `act`, and returns the rounds it made. */
async function roundsOf(
  settings: Partial<WatchSettings>,
  prepare: (project: Project) => void,
  act: (project: Project) => void | Promise<void>,
): Promise<string[][]> {
  let rounds: string[][] = [];
  await inProject(async (project) => {
    prepare(project);
    await project.start(settings);
    await act(project);
    await project.cookie();
    rounds = project.rounds;
  });
  return rounds;
}

Deno.test("what changed between the start of the program and the arming is found", () =>
  inProject(async (project) => {
    project.write("src/a.ts", "1");
    project.write("src/b.ts", "1");
    const armed = project.start({}, platform(), () => project.write("src/a.ts", "2"));
    await waitUntil("the change is said", () => project.rounds.length > 0);
    await armed;
    assertEquals(project.rounds, [["src/a.ts"]]);
    assertEquals(project.watch.differences(1), ["src/a.ts"]);
  }));

Deno.test("differences name what a generation was not started from; a revert leaves none", () =>
  inProject(async (project) => {
    project.write("a.ts", "1");
    project.write("b.ts", "1");
    await project.start();
    project.write("a.ts", "2");
    await waitUntil("the change is said", () => project.rounds.length === 1);
    project.watch.mark(2);
    Deno.removeSync(project.path("b.ts"));
    await waitUntil("the removal is said", () => project.rounds.length === 2);
    assertEquals(project.watch.differences(1), ["a.ts", "b.ts"]);
    assertEquals(project.watch.differences(2), ["b.ts"]);
    project.write("a.ts", "1");
    project.write("b.ts", "1");
    await waitUntil("the revert is said", () => project.rounds.length === 3);
    assertEquals(project.watch.differences(1), []);
    assertEquals(project.watch.differences(2), ["a.ts"]);
    project.watch.forget(2);
    assertEquals(project.watch.differences(2), []);
  }));

Deno.test("written and reverted before anyone looked is no change", async () => {
  const rounds = await roundsOf({}, (project) => project.write("a.ts", "1"), (project) => {
    project.write("a.ts", "2");
    project.write("a.ts", "1");
  });
  assertEquals(rounds, []);
});

Deno.test("a generation is in doubt of files written since it was marked, though they hold the same", () =>
  inProject(async (project) => {
    project.write("a.ts", "1");
    await project.start();
    Deno.chmodSync(project.path("a.ts"), 0o600);
    await project.cookie();
    assertEquals(project.watch.isStale(1), false);
    project.watch.mark(2);
    const before = project.rewrites;
    project.write("a.ts", "2");
    project.write("a.ts", "1");
    await waitUntil("it is said", () => project.rewrites > before);
    project.watch.mark(3);
    assertEquals([1, 2, 3].map((mark) => project.watch.isStale(mark)), [true, true, false]);
    assertEquals([project.watch.differences(2), project.rounds], [[], []]);
  }));

Deno.test("paused, nothing is said; resumed, all of it at once", () =>
  inProject(async (project) => {
    project.write("a.ts", "1");
    await project.start();
    project.watch.pause();
    project.write("a.ts", "2");
    await waitUntil("it is known", () => project.watch.differences(1).length > 0);
    assertEquals(project.rounds, []);
    project.watch.resume();
    await waitUntil("it is said", () => project.rounds.length > 0);
    assertEquals(project.rounds, [["a.ts"]]);
  }));

Deno.test("a file written right after its folder was made is seen", async () => {
  const rounds = await roundsOf({}, () => {}, async (project) => {
    project.write("new/deep/a.ts", "1");
    await waitUntil("the first is said", () => project.rounds.length > 0);
    project.write("new/deep/a.ts", "2");
    await waitUntil("the second is said", () => project.rounds.length > 1);
  });
  assertEquals(rounds, [["new/deep/a.ts"], ["new/deep/a.ts"]]);
});

Deno.test("a folder that is removed and made again is watched again", async () => {
  const rounds = await roundsOf(
    {},
    (project) => project.write("src/a.ts", "1"),
    async (project) => {
      project.run("rm -r src");
      await waitUntil("the removal is said", () => project.rounds.length === 1);
      project.write("src/a.ts", "2");
      await waitUntil("its return is said", () => project.rounds.length === 2);
      project.write("src/a.ts", "3");
      await waitUntil("a write in it is said", () => project.rounds.length === 3);
    },
  );
  assertEquals(rounds, [["src/a.ts"], ["src/a.ts"], ["src/a.ts"]]);
});

Deno.test("a root that is removed and made again is watched again", () =>
  inProject(async (project) => {
    project.write("root/src/a.ts", "1");
    await project.start({ watch: ["root"] });
    for (
      const [rounds, script] of ["rm -r root", "mkdir -p root/src; echo 2 > root/src/a.ts"]
        .entries()
    ) {
      project.run(script);
      await waitUntil(`"${script}" is said`, () => project.rounds.length > rounds);
    }
    project.write("root/src/a.ts", "3");
    await waitUntil("a write in it is said", () => project.rounds.length > 2);
    assertEquals(project.rounds[2], ["root/src/a.ts"]);
  }));

Deno.test("while the folder of the program is away nothing is said, and nothing where it comes back as it was", () =>
  inProject(async (project) => {
    project.write("here/a.ts", "1");
    project.write("other/b.ts", "1");
    await project.start({ cwd: project.path("here"), watch: [".", "../other"] });
    project.run("mv here away");
    project.write("other/b.ts", "2");
    await waitUntil("it is said", () => project.notices.length > 0);
    assertEquals(project.rounds, []);
    assertMatch(project.notices[0]!, /^Waiting for ".*\/here": no folder is there$/);
    project.run("mv away here");
    await waitUntil("what changed meanwhile is said", () => project.rounds.length > 0);
    assertEquals(project.rounds, [["../other/b.ts"]]);
    project.run("mv here away; echo 2 > away/a.ts; mv away here");
    await waitUntil("so is what is not as it was", () => project.rounds.length > 1);
    assertEquals(project.rounds[1], ["a.ts"]);
    assertEquals(project.notices.length, 1);
  }));

Deno.test("a root that is a link is followed to its next target", () =>
  inProject(async (project) => {
    project.write("1/a.ts", "1");
    project.write("2/a.ts", "2");
    project.run("ln -s 1 current");
    await project.start({ watch: ["current"] });
    project.run("ln -sfn 2 current");
    await waitUntil("the switch is said", () => project.rounds.length > 0);
    project.write("2/a.ts", "3");
    await waitUntil("a write in the new target is said", () => project.rounds.length > 1);
    assertEquals(project.rounds, [["current/a.ts"], ["current/a.ts"]]);
  }));

Deno.test("links that lead round in a circle are no trouble", async () => {
  const rounds = await roundsOf({}, (project) => {
    project.write("src/a.ts", "1");
    project.run("ln -s .. src/up; ln -s loop loop; ln -s src self");
  }, (project) => project.write("src/a.ts", "2"));
  assertEquals(rounds.flat(), ["src/a.ts"]);
});

Deno.test("a file that was asked for by name counts although it is ignored, and only it", async () => {
  const rounds = await roundsOf({ watch: [".", "logs/one.log"] }, (project) => {
    project.write(".gitignore", "logs/\n");
    project.write("logs/one.log", "1");
    project.write("logs/two.log", "1");
  }, async (project) => {
    project.write("logs/two.log", "2");
    project.write("logs/one.log", "2");
    await waitUntil("it is said", () => project.rounds.length > 0);
  });
  assertEquals(rounds, [["logs/one.log"]]);
});

Deno.test("an edited ignore file decides from then on", () =>
  inProject(async (project) => {
    project.write(".gitignore", "a.ts\n");
    project.write("a.ts", "1");
    project.write("b.ts", "1");
    await project.start({ ext: ["ts", "txt"] });
    project.write(".gitignore", "b.ts\n");
    await project.cookie();
    project.write("b.ts", "2");
    project.write("a.ts", "2");
    await waitUntil("it is said", () => project.rounds.length > 0);
    assertEquals(project.rounds, [["a.ts"]]);
  }));

Deno.test("ignored folders are not watched", () =>
  inProject(async (project) => {
    project.write("node_modules/a/index.js", "1");
    project.write("src/node_modules/a/index.js", "1");
    project.write("env/pyvenv.cfg", "");
    project.write("env/lib/a.py", "1");
    await project.start();
    assertEquals(project.armed?.folders, 2);
    assertEquals(project.armed?.watches, 2);
  }));

Deno.test("polling sees writes, new files and removals", () =>
  inProject(async (project) => {
    project.write("src/a.ts", "1");
    await project.start({ pollMs: 20 });
    assertEquals(project.armed?.watches, 0);
    assert(project.armed!.polled > 0);
    for (
      const [rounds, script] of ["echo 2 > src/a.ts", "mkdir n; echo 1 > n/b.ts", "rm -r n"]
        .entries()
    ) {
      project.run(script);
      await waitUntil(`"${script}" is said`, () => project.rounds.length > rounds);
    }
    assertEquals(project.rounds, [["src/a.ts"], ["n/b.ts"], ["n/b.ts"]]);
  }));
