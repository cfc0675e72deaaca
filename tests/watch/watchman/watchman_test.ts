import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Platform, PlatformError } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import type { WatchSettings } from "../../../lib/watch/watch.ts";
import { Baton, Project as Program } from "../../e2e/baton.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { inProject, type Project } from "../support/project.ts";
import { WatchmanDaemon } from "../support/watchman_daemon.ts";

const ignore = !WatchmanDaemon.isInstalled();
if (ignore) console.error("SKIPPED: watchman is not installed (apt-get install watchman)");

class Scene {
  constructor(readonly project: Project, readonly daemon: WatchmanDaemon) {}

  /** Runs a script and returns the paths that are said to have changed. */
  async said(script: string): Promise<string[]> {
    const { rounds } = this.project;
    const before = rounds.length;
    this.project.run(script);
    await waitUntil(`"${script}" is said`, () => rounds.length > before, { withinMs: 8_000 });
    return rounds.slice(before).flat();
  }
}

/** The platform, with a variable of its environment set. */
function withEnv(name: string, value: string): Platform {
  const real = platform();
  return { ...real, env: () => ({ ...real.env(), [name]: value }) };
}

/** Watches `a.ts` and `src/b.ts` through a Watchman of its own. */
function test(
  name: string,
  play: (scene: Scene) => Promise<void>,
  settings: Partial<WatchSettings> = {},
): void {
  const fn = () =>
    inProject(async (project) => {
      await using daemon = new WatchmanDaemon();
      await daemon.start();
      project.write("a.ts", "1");
      project.write("src/b.ts", "1");
      await project.start(
        { ...settings, source: "watchman" },
        withEnv("WATCHMAN_SOCK", daemon.socket),
      );
      assertEquals(project.notices, []);
      await play(new Scene(project, daemon));
    });
  Deno.test({ name: `Watchman: ${name}`, ignore, fn });
}

test("writes, renames and removals are told, and no folder is watched natively", async (scene) => {
  assertEquals(scene.project.armed?.files, 2);
  assertEquals(scene.project.armed?.watches, 0);
  assertEquals(await scene.said("echo 2 > a.ts"), ["a.ts"]);
  assertEquals(await scene.said("echo 3 > .tmp && mv .tmp src/b.ts"), ["src/b.ts"]);
  assertEquals(await scene.said("mv a.ts src/a.ts"), ["a.ts", "src/a.ts"]);
  assertEquals(await scene.said("rm src/a.ts"), ["src/a.ts"]);
});

test("what is left out unless it is asked for is heard where it is", async (scene) => {
  const script = "mkdir -p node_modules/a && echo 1 > node_modules/a/b.js";
  assertEquals(await scene.said(script), ["node_modules/a/b.js"]);
}, { gitignore: false });

test("new folders are heard at once, as deep as they are, and when they move", async (scene) => {
  assertEquals(await scene.said("mkdir -p n/e/w && echo 1 > n/e/w/c.ts"), ["n/e/w/c.ts"]);
  assertEquals(await scene.said("echo 2 > n/e/w/c.ts"), ["n/e/w/c.ts"]);
  assertEquals(await scene.said("mv n/e src/e"), ["n/e/w/c.ts", "src/e/w/c.ts"]);
  assertEquals(await scene.said("echo 3 > src/e/w/c.ts"), ["src/e/w/c.ts"]);
  assertEquals(await scene.said("rm -r src"), ["src/b.ts", "src/e/w/c.ts"]);
});

test("what is ignored is not told, nor what was written back", async ({ project }) => {
  project.run("mkdir -p node_modules/x .git && echo 1 > node_modules/x/a.js && echo 1 > .git/x");
  project.write("a.ts", "2");
  project.write("a.ts", "1");
  project.write("src/.b.ts.swp", "1");
  await project.cookie();
  assertEquals(project.rounds, []);
});

test("a daemon that comes back is asked what happened meanwhile", async (scene) => {
  const { project, daemon } = scene;
  await daemon.stop();
  project.write("a.ts", "2");
  await daemon.start();
  await waitUntil("the write is said", () => project.rounds.length > 0);
  assertEquals(project.rounds, [["a.ts"]]);
  assertEquals(await scene.said("echo 3 > src/b.ts"), ["src/b.ts"]);
  assertEquals(project.notices, []);
});

test("where the daemon stays away, folders are watched natively, and it is said", async (scene) => {
  const { project, daemon } = scene;
  await daemon.stop();
  project.write("a.ts", "2");
  await waitUntil("the write is said", () => project.rounds.length > 0);
  assertEquals(project.rounds, [["a.ts"]]);
  assertMatch(project.notices.join(), /^Watching natively: Cannot connect to ".*sock"/);
  assertEquals(await scene.said("echo 3 > src/b.ts"), ["src/b.ts"]);
});

Deno.test({
  name: "Watchman: what its configuration leaves out is watched natively",
  ignore,
  fn: () =>
    inProject(async (project) => {
      await using daemon = new WatchmanDaemon();
      await daemon.start();
      project.write(".watchmanconfig", '{"ignore_dirs": ["made", "un/used"]}');
      for (const name of ["made/inner/a.ts", "un/b.ts"]) project.write(name, "1");
      await project.start({ source: "watchman" }, withEnv("WATCHMAN_SOCK", daemon.socket));
      assertEquals(project.armed?.watches, 2);
      for (const name of ["made/inner/a.ts", "un/b.ts"]) {
        project.write(name, "2");
        await project.said(name);
      }
    }),
});

test("a program is restarted by what Watchman tells", async ({ daemon }) => {
  using program = new Program({ "app.sh": "echo one; exec sleep 60\n" });
  await using baton = new Baton(program, ["sh", "app.sh"], {
    args: ["--source", "watchman"],
    env: { WATCHMAN_SOCK: daemon.socket },
  });
  await baton.prints("one");
  await baton.event("armed");
  program.replace("app.sh", "one", "two");
  await baton.prints("two");
  assertEquals(baton.count("warning"), 0);
});

Deno.test("Watchman that is not installed is no obstacle: it is said, and events are native", () =>
  inProject(async (project) => {
    const missing = withEnv("WATCHMAN_SOCK", "");
    const output = () => Promise.reject(new PlatformError("ENOENT", "no such command"));
    project.write("a.ts", "1");
    await project.start({ source: "watchman" }, {
      ...missing,
      processes: { ...missing.processes, output },
    });
    assertEquals(project.notices, ["Watching natively: Watchman is not installed"]);
    assert(project.armed!.watches > 0);
    project.write("a.ts", "2");
    await waitUntil("the write is said", () => project.rounds.length > 0);
  }));
