import { assertEquals } from "@std/assert";
import { type FolderWatch, PlatformError } from "../../lib/platform/platform.ts";
import { platform } from "../../lib/platform/select.ts";
import { Source } from "../../lib/watch/source.ts";

/** A source on folders of which one was gone, `misses` times, when the system was asked for a watch. */
function sourceThatMisses(misses: number) {
  const opened: (readonly string[])[] = [];
  const unwatched: (readonly string[])[] = [];
  let missing = misses;
  const watchFolders = (folders: readonly string[]): FolderWatch => {
    if (missing-- > 0) {
      throw new PlatformError("ENOENT", "Cannot watch it: no such file", folders[0]);
    }
    opened.push(folders);
    return { instances: 1, close: () => Promise.resolve() };
  };
  const real = platform();
  const source = new Source({ ...real, events: { ...real.events, watchFolders } }, {
    event: () => {},
    unwatched: (folders) => unwatched.push(folders),
  });
  return { source, opened, unwatched };
}

Deno.test("a folder that was gone for a moment is watched all the same", () => {
  const dir = Deno.makeTempDirSync();
  try {
    const { source, opened, unwatched } = sourceThatMisses(3);
    source.add([dir, `${dir}/gone`]);
    assertEquals([opened, unwatched], [[[dir]], []]);
    source.close();
  } finally {
    Deno.removeSync(dir);
  }
});

Deno.test("a folder that cannot be watched although it is there is told of, not thrown", () => {
  const dir = Deno.makeTempDirSync();
  try {
    const { source, opened, unwatched } = sourceThatMisses(1_000);
    source.add([dir]);
    assertEquals([opened, unwatched], [[], [[dir]]]);
    source.close();
  } finally {
    Deno.removeSync(dir);
  }
});
