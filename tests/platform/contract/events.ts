import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { assert, assertEquals } from "@std/assert";
import type {
  FolderWatch,
  Platform,
  PlatformError,
  RawEvent,
} from "../../../lib/platform/platform.ts";
import { waitUntil } from "../../support/wait_until.ts";
import type { Clause } from "../contract.ts";
import { inScratch } from "./scratch.ts";

/** Watches `folders` for as long as `use` runs, once a first event has proven that the watch is live. */
async function watching(
  platform: Platform,
  folders: readonly string[],
  use: (events: RawEvent[], watch: FolderWatch) => void | Promise<void>,
): Promise<void> {
  const events: RawEvent[] = [];
  const errors: PlatformError[] = [];
  const watch = platform.events.watch({
    event: (event) => events.push(event),
    unwatched: (_, error) => errors.push(error),
  });
  watch.add(folders);
  assertEquals(events, [], "called before it returned");
  try {
    const canary = `${folders[0]}/canary`;
    await waitUntil("the watch is live", () => {
      writeFileSync(canary, String(Math.random()));
      return events.some(({ path }) => path === canary);
    });
    await use(events, watch);
    assertEquals(errors, []);
    assert(watch.instances >= 1);
  } finally {
    await watch.close();
    await watch.close();
  }
}

const seen = (events: readonly RawEvent[], path: string, kind?: RawEvent["kind"]) =>
  waitUntil(
    `${kind ?? "any"} event for ${path}`,
    (saw) =>
      saw(events).some((event) =>
        event.path === path && (kind === undefined || event.kind === kind)
      ),
  );

export const eventContract: readonly Clause[] = [
  {
    name: "a write in place is seen, and its end where the system tells it",
    keep: (platform) =>
      inScratch(platform, (folder) =>
        watching(platform, [folder], async (events) => {
          writeFileSync(`${folder}/file`, "1");
          const kind = platform.events.tellsCloseFromWrite ? "complete" : "partial";
          await seen(events, `${folder}/file`, kind);
        })),
  },
  {
    name: "renaming over a file and removing it are complete",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        writeFileSync(`${folder}/file`, "1");
        writeFileSync(`${folder}/other`, "1");
        await watching(platform, [folder], async (events) => {
          renameSync(`${folder}/other`, `${folder}/file`);
          await seen(events, `${folder}/file`, "complete");
          events.length = 0;
          rmSync(`${folder}/file`);
          await seen(events, `${folder}/file`, "complete");
        });
      }),
  },
  {
    name: "every folder named is watched, and nothing below it",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        for (const name of ["a", "b", "a/below"]) mkdirSync(`${folder}/${name}`);
        await watching(platform, [`${folder}/a`, `${folder}/b`], async (events) => {
          writeFileSync(`${folder}/a/below/file`, "1");
          writeFileSync(`${folder}/b/file`, "1");
          await seen(events, `${folder}/b/file`);
          assertEquals(events.filter(({ path }) => path.startsWith(`${folder}/a/below/`)), []);
        });
      }),
  },
  {
    name: "a new folder is seen",
    keep: (platform) =>
      inScratch(platform, (folder) =>
        watching(platform, [folder], async (events) => {
          mkdirSync(`${folder}/new`);
          await seen(events, `${folder}/new`);
        })),
  },
  {
    name: "a watched folder that is removed says so, and the others go on",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        for (const name of ["stays", "goes"]) mkdirSync(`${folder}/${name}`);
        await watching(platform, [`${folder}/stays`, `${folder}/goes`], async (events) => {
          rmSync(`${folder}/goes`, { recursive: true });
          await seen(events, `${folder}/goes`, "complete");
          writeFileSync(`${folder}/stays/file`, "1");
          await seen(events, `${folder}/stays/file`);
        });
      }),
  },
  {
    name: "what has happened so far is heard at once, or it is said that nobody can tell",
    keep: (platform) =>
      inScratch(platform, (folder) =>
        watching(platform, [folder], async (events, watch) => {
          for (let count = 0; count < 200; count++) {
            const file = `${folder}/file${count}`;
            writeFileSync(file, "1");
            if (!watch.hear()) return;
            assert(events.some(({ path, kind }) => path === file && kind === "complete"), file);
            // The thread that waits may find nothing, and goes on.
            if (count % 10 === 0) await new Promise((done) => setTimeout(done));
          }
          writeFileSync(`${folder}/last`, "1");
          await seen(events, `${folder}/last`, "complete");
        })),
  },
  {
    name: "of a burst every file is named, or a rescan is asked for",
    keep: (platform) =>
      inScratch(platform, (folder) =>
        watching(platform, [folder], async (events) => {
          const paths = Array.from({ length: 500 }, (_, at) => `${folder}/file${at}`);
          for (const path of paths) writeFileSync(path, "1");
          await waitUntil("500 files or a rescan", () => {
            const named = new Set(events.map(({ path }) => path));
            return events.some(({ kind }) => kind === "rescan") ||
              paths.every((path) => named.has(path));
          });
        })),
  },
  {
    name: "what comes last of more than the system keeps is heard, or a rescan is asked for",
    keep: (platform) =>
      inScratch(platform, (folder) =>
        watching(platform, [folder], async (events) => {
          if (platform.os !== "linux") return;
          const files = ["one", "other"].map((name) => `${folder}/${name}`);
          for (const file of files) writeFileSync(file, "1");
          const limit = Number(platform.files.readText("/proc/sys/fs/inotify/max_queued_events"));
          for (let count = 0; count < 2 * limit; count++) chmodSync(files[count % 2]!, 0o600);
          writeFileSync(`${folder}/last`, "1");
          await waitUntil(
            "the last, or a rescan",
            () => events.some(({ kind, path }) => kind === "rescan" || path === `${folder}/last`),
          );
        })),
  },
  {
    name: "a folder that is gone is passed over, and the others are watched",
    keep: (platform) =>
      inScratch(
        platform,
        (folder) =>
          watching(platform, [folder, `${folder}/gone`], async (events, watch) => {
            symlinkSync("circle", `${folder}/circle`);
            mkdirSync(`${folder}/in`);
            watch.add([`${folder}/circle`, `${folder}/in`]);
            for (const name of ["file", "in/file"]) {
              writeFileSync(`${folder}/${name}`, "1");
              await seen(events, `${folder}/${name}`);
            }
          }),
      ),
  },
  {
    name: "folders can be added and removed, also while they are renamed and replaced",
    keep: (platform) =>
      inScratch(platform, (folder) =>
        watching(platform, [folder], async (events, watch) => {
          for (const name of ["a", "b"]) mkdirSync(`${folder}/${name}`);
          watch.add([`${folder}/a`]);
          assertEquals(watch.watches, 2);
          renameSync(`${folder}/a`, `${folder}/c`);
          mkdirSync(`${folder}/a`);
          watch.add([`${folder}/c`, `${folder}/b`]);
          watch.remove(`${folder}/a`);
          watch.add([`${folder}/a`]);
          await waitUntil("all of them are watched", () => !watch.isReopening);
          for (const name of ["a", "b", "c"]) {
            const file = `${folder}/${name}/file`;
            await waitUntil(`an event for ${file}, or a rescan`, () => {
              writeFileSync(file, String(Math.random()));
              return events.some(({ path, kind }) => path === file || kind === "rescan");
            });
          }
          assertEquals(watch.watches, 4);
        })),
  },
  {
    name: "a closed watch is silent",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const late: RawEvent[] = [];
        const closed = platform.events.watch({
          event: (event) => late.push(event),
          unwatched: () => {},
        });
        closed.add([folder]);
        const isClosed = closed.close();
        await watching(platform, [folder], async (events) => {
          writeFileSync(`${folder}/file`, "1");
          await seen(events, `${folder}/file`);
        });
        await isClosed;
        assertEquals(late, []);
      }),
  },
  {
    name: "a link is seen, wherever it leads",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        mkdirSync(`${folder}/watched`);
        for (const name of ["one", "other"]) writeFileSync(`${folder}/${name}`, name);
        await watching(platform, [`${folder}/watched`], async (events) => {
          for (const name of ["one", "other", "nowhere"]) {
            events.length = 0;
            rmSync(`${folder}/watched/link`, { force: true });
            symlinkSync(`${folder}/${name}`, `${folder}/watched/link`);
            await seen(events, `${folder}/watched/link`);
          }
        });
      }),
  },
  {
    name: "a folder that was closed and replaced is watched when it is opened again",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const watched = [folder, `${folder}/replaced`];
        for (let round = 0; round < 3; round++) {
          mkdirSync(watched[1]!);
          await watching(platform, watched, async (events) => {
            writeFileSync(`${watched[1]}/file`, "1");
            await seen(events, `${watched[1]}/file`);
            rmSync(watched[1]!, { recursive: true });
          });
        }
      }),
  },
];
