import { assertEquals } from "@std/assert";
import { PlatformError } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import { mountsOf, remoteFolders } from "../../../lib/watch/sources/mounts.ts";
import { inProject } from "../support/project.ts";
import { withFiles } from "../support/with_files.ts";

const real = platform();

/** The platform, with these mounts. */
function mounting(mounts: Readonly<Record<string, string>>) {
  const lines = Object.entries(mounts).map(([point, type], at) =>
    `${at} 1 0:${at} / ${point} rw,relatime shared:1 - ${type} source rw\n`
  );
  const readText: typeof real.files.readText = (path) =>
    path === "/proc/self/mountinfo" ? lines.join("") : real.files.readText(path);
  return { ...withFiles(real, { readText }), os: "linux" as const };
}

for (
  const [what, mounts, expected] of [
    ["none", { "/": "ext4" }, []],
    ["of all", { "/": "ext4", "/w": "nfs4" }, ["/w/app"]],
    ["of another folder whose name begins alike", { "/": "ext4", "/w/ap": "9p" }, []],
    ["below a folder that is seen in place of it", { "/w": "9p", "/w/app": "ext4" }, []],
    ["inside", { "/": "overlay", "/w/app/src": "virtiofs", "/w/b": "9p" }, ["/w/app/src"]],
    ["by any FUSE", { "/": "ext4", "/w/app/a": "fuse.rclone", "/w/app/b": "fuse" }, [
      "/w/app/a",
      "/w/app/b",
    ]],
    ["of a disk through FUSE", { "/": "fuseblk" }, []],
    ["with a space in its name", { "/": "ext4", "/w/app/a\\040b\\134c": "9p" }, ["/w/app/a b\\c"]],
  ] as const
) {
  Deno.test(`a mount that others can write to without an event: ${what}`, () => {
    assertEquals(remoteFolders(mountsOf(mounting(mounts)), "/w/app"), [...expected]);
  });
}

Deno.test("where the system does not tell what is mounted, events are believed, and that is said once", () =>
  inProject(async (project) => {
    project.write("a.ts", "1");
    const readText: typeof real.files.readText = (path) => {
      if (path !== "/proc/self/mountinfo") return real.files.readText(path);
      throw new PlatformError("EMFILE", `Cannot read "${path}": too many open files`, path);
    };
    await project.start({}, { ...withFiles(real, { readText }), os: "linux" as const });
    assertEquals(project.notices, [
      'Cannot tell which folders others can write to without an event: cannot read "/proc/self/mountinfo": too many open files',
    ]);
    project.write("a.ts", "2");
    await project.said("a.ts");
  }));

for (const watch of [".", "in/app.ts"]) {
  Deno.test(`a file that is mounted by itself is polled, with "${watch}" watched`, () =>
    inProject(async (project) => {
      const app = "in/app.ts";
      for (const name of [app, "in/ignored.log", "in/b.ts"]) project.write(name, "1");
      project.write(".gitignore", "*.log");
      const mounts = { "/": "ext4", [project.path(app)]: "ext4" };
      const on = mounting({ ...mounts, [project.path("in/ignored.log")]: "ext4" });
      const deaf: typeof on.events = {
        ...on.events,
        watch: (observer) =>
          on.events.watch({
            event: (event) => event.path === project.path(app) || observer.event(event),
            unwatched: observer.unwatched,
          }),
      };
      await project.start({ watch: [watch] }, { ...on, events: deaf });
      assertEquals(project.notices, [`Polling "${project.path("in")}"`]);
      for (const text of ["2", "3"]) {
        Deno.writeTextFileSync(project.path(app), text);
        await project.said(app);
        // What happens to the folder has the same folder watched anew.
        project.write("in/new.ts", text);
      }
    }));
}

Deno.test("a mount inside of what is watched is polled where no events arrive", () =>
  inProject(async (project) => {
    project.write("src/inner/a.ts", "1");
    project.write("b.ts", "1");
    const on = mounting({ "/": "ext4", [project.path("src")]: "virtiofs" });
    const deaf: typeof on.events = {
      ...on.events,
      watch: (observer) =>
        on.events.watch({
          event: (event) => event.path.startsWith(project.path("src")) || observer.event(event),
          unwatched: observer.unwatched,
        }),
    };
    await project.start({}, { ...on, events: deaf });
    assertEquals(project.notices, [`Polling "${project.path("src")}"`]);
    project.write("src/inner/a.ts", "2");
    await project.said("src/inner/a.ts");
    project.write("b.ts", "2");
    await project.said("b.ts");
  }));

for (
  const [what, watch, link, said] of [
    ["a file that was asked for", "far/a.ts", "true", "far/a.ts"],
    ["a file that a link leads to", "work", "ln -s ../far/a.ts work/link", "work/link"],
    ["a folder that a link leads to", "work", "ln -s ../far work/link", "work/link/a.ts"],
  ] as const
) {
  Deno.test(`where no events arrive is polled: ${what}`, () =>
    inProject(async (project) => {
      project.run(`mkdir work; ${link}`.replace("; true", ""));
      project.write("far/a.ts", "1");
      const on = mounting({ "/": "ext4", [project.path("far")]: "nfs4" });
      const deaf: typeof on.events = {
        ...on.events,
        watch: (observer) =>
          on.events.watch({
            event: (event) => /far|link/.test(event.path) || observer.event(event),
            unwatched: observer.unwatched,
          }),
      };
      await project.start({ watch: [watch] }, { ...on, events: deaf });
      assertEquals(project.notices.length, 1, project.notices.join());
      project.write("far/a.ts", "2");
      await project.said(said);
    }));
}
