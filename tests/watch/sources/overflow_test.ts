import { assert } from "@std/assert";
import type { Stat } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import { Project } from "../support/project.ts";
import { withFiles } from "../support/with_files.ts";

const real = platform();

/** Fills the queue while folders come and go; `again` makes them anew. */
async function overflow(isLate: boolean): Promise<void> {
  const project = new Project();
  const again = () => project.write("in/inner/a.ts", "2");
  const reused = (path: string, found: Stat | null) =>
    found !== null && path.startsWith(project.path("in")) ? { ...found, inode: 1 } : found;
  const on = withFiles(real, {
    stat: (path) => reused(path, real.files.stat(path)),
    lstat: (path) => reused(path, real.files.lstat(path)),
  });
  let rescans = 0;
  const events: typeof on.events = {
    ...on.events,
    watch: (observer) =>
      on.events.watch({
        event(event) {
          if (event.kind === "rescan" && ++rescans === 1 && isLate) again();
          observer.event(event);
        },
        unwatched: observer.unwatched,
      }),
  };
  try {
    for (const name of ["in/inner/a.ts", "b.ts", "c.ts"]) project.write(name, "1");
    await project.start({}, { ...on, events });
    const kept = Number(Deno.readTextFileSync("/proc/sys/fs/inotify/max_queued_events"));
    for (let at = 0; at < kept * 0.6; at++) { // each makes two events
      Deno.writeTextFileSync(project.path(at % 2 === 0 ? "b.ts" : "c.ts"), String(at));
    }
    Deno.removeSync(project.path("in"), { recursive: true });
    if (!isLate) again();
    await project.said("in/inner/a.ts");
    assert(rescans > 0, "the queue was never full");
    await project.cookie();
    project.write("in/inner/a.ts", "3");
    await project.said("in/inner/a.ts");
  } finally {
    await project.stop();
  }
}

for (const isLate of [false, true]) {
  const when = isLate ? "just after the queue was full" : "while the queue was full";
  Deno.test({
    name: `a folder that was made anew ${when} is watched on`,
    ignore: Deno.build.os !== "linux",
    fn: () => overflow(isLate),
  });
}
