import { assertEquals } from "@std/assert";
import { hasDenoLibc, openDenoLibc } from "../../../lib/platform/deno/libc.ts";
import { inotifyEvents } from "../../../lib/platform/linux/inotify.ts";

Deno.test({
  name: "inotify is asked at once for what has happened, without a thread between",
  // Said by the contract of platforms elsewhere.
  ignore: !hasDenoLibc(),
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    const heard: string[] = [];
    const watch = inotifyEvents(openDenoLibc).watch({
      event: ({ kind, path }) => kind === "complete" && heard.push(path),
      unwatched: (_, error) => heard.push(error.message),
    });
    assertEquals(watch.hear(), false, "nothing is watched yet");
    watch.add([folder]);
    const files = Array.from({ length: 3_000 }, (_, at) => `${folder}/${at}`);
    for (const file of files) Deno.writeTextFileSync(file, "1");
    assertEquals([watch.hear(), heard], [true, files]);
    await watch.close();
    assertEquals(watch.hear(), false);
    Deno.removeSync(folder, { recursive: true });
  },
});
