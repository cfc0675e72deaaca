import { assertEquals } from "@std/assert";
import { PlatformError } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import { registryFlags } from "../../../tools/registry_flags.ts";
import { noEvents } from "../../support/no_events.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { inProject } from "../support/project.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

Deno.test("folders for which there is no watch are polled, and the limit is explained", () =>
  inProject(async (project) => {
    const real = platform();
    const full = new PlatformError("ENOSPC", "no space left on device");
    const scarce: typeof real.events = {
      ...real.events,
      watch(observer) {
        const watch = real.events.watch(observer);
        const add = watch.add.bind(watch);
        watch.add = (folders) => {
          const free = 2 - watch.watches;
          add(folders.slice(0, free));
          if (folders.length > free) observer.unwatched(folders.slice(free), full);
        };
        return watch;
      },
    };
    for (const name of ["a", "b", "c", "d"]) project.write(`${name}/x.ts`, "1");
    await project.start({}, { ...real, events: scarce });
    assertEquals(project.armed?.watches, 2);
    assertEquals(project.armed?.polled, 3);
    assertEquals(project.notices, ["Cannot watch 3 folders, polling instead"]);
    for (const name of ["a", "b", "c", "d"]) project.write(`${name}/x.ts`, "2");
    await waitUntil("all is said", () => new Set(project.rounds.flat()).size === 4);
    for (const name of ["d/y.ts", "e/x.ts"]) {
      project.write(name, "1");
      await project.said(name);
    }
    assertEquals(project.notices.length, 1);
    project.run("for name in f g h i j k l m; do mkdir $name; done; echo > m/x.ts");
    await project.said("m/x.ts");
    assertEquals(project.notices.length, 2);
  }));

Deno.test("where no watch is free for it, nobody knows whether events arrive: they are believed", () =>
  inProject(async (project) => {
    const real = platform();
    const full = new PlatformError("ENOSPC", "no space left on device");
    let instances = 0;
    const scarce: typeof real.events = {
      ...real.events,
      watch(observer) {
        const watch = real.events.watch(observer);
        instances += 1;
        if (instances > 1) watch.add = (folders) => observer.unwatched(folders, full);
        return watch;
      },
    };
    await project.start({}, { ...real, events: scarce });
    assertEquals([instances, project.notices], [2, []]);
  }));

Deno.test("a root where no event arrives is polled, and it is said", () =>
  inProject(async (project) => {
    const real = platform();
    project.write("a.ts", "1");
    await project.start({}, { ...real, events: noEvents });
    assertEquals(project.notices, [`Polling "${project.folder}"`]);
    project.write("a.ts", "2");
    await waitUntil("it is said", () => project.rounds.length > 0);
    assertEquals(project.rounds, [["a.ts"]]);
  }));

Deno.test("too few open files are told from too few inotify instances", async () => {
  const fixture = new URL("../../fixtures/runs_out_of_files.ts", import.meta.url).pathname;
  const flags = await registryFlags();
  const command = [Deno.execPath(), "run", "-A", "--quiet", "--no-lock", ...flags, fixture];
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", 'ulimit -n 64; exec "$@"', "sh", ...command],
    cwd: ROOT,
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(text === "" ? new TextDecoder().decode(stderr) : JSON.parse(text), [true, {
    what: "Cannot watch 3 folders, polling instead",
    where: "baton may open no more files",
    next: "Raise the limit of open files (ulimit -n)",
  }]);
});
