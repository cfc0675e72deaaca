import { assertEquals } from "@std/assert";
import { PlatformError } from "../../../lib/platform/platform.ts";
import { type OpenWatcher, ReopeningWatch } from "../../../lib/platform/node/reopening_watch.ts";

/** A watch of folders of which one was gone, `misses` times, when the runtime was asked for a watcher. */
function watchThatMisses(misses: number) {
  const opened: (readonly string[])[] = [];
  const unwatched: (readonly string[])[] = [];
  let missing = misses;
  const open: OpenWatcher = (folders) => {
    if (missing-- > 0) {
      throw new PlatformError("ENOENT", "Cannot watch it: no such file", folders[0]);
    }
    opened.push(folders);
    return { instances: 1, close: () => Promise.resolve() };
  };
  const watch = new ReopeningWatch(open, {
    event: () => {},
    unwatched: (folders) => unwatched.push(folders),
  });
  return { watch, opened, unwatched };
}

Deno.test("a folder that was gone for a moment is watched all the same", () => {
  const dir = Deno.makeTempDirSync();
  try {
    const { watch, opened, unwatched } = watchThatMisses(3);
    watch.add([dir, `${dir}/gone`]);
    assertEquals([opened, unwatched], [[[dir]], []]);
    watch.close();
  } finally {
    Deno.removeSync(dir);
  }
});

Deno.test("a folder that cannot be watched although it is there is told of, not thrown", () => {
  const dir = Deno.makeTempDirSync();
  try {
    const { watch, opened, unwatched } = watchThatMisses(1_000);
    watch.add([dir]);
    assertEquals([opened, unwatched], [[], [[dir]]]);
    watch.close();
  } finally {
    Deno.removeSync(dir);
  }
});
