import { type FSWatcher, watch } from "node:fs";
import { basename, join } from "node:path";
import type { FileEvents, RawEvent } from "../platform.ts";
import { type OpenWatcher, ReopeningWatch } from "./reopening_watch.ts";
import { systemError } from "./system_error.ts";

/**
 * File events through `node:fs`, as Bun has it: one watch a folder, one inotify instance for the process.
 *
 * Seen on Linux: `rename` stands for created, renamed and removed; `change` for written to, truncated or
 * touched, and nothing says that a written file was closed. A watched folder that is removed is named as if
 * it were inside itself. Nothing was lost in a burst of a thousand.
 */
export function nodeEvents(): FileEvents {
  return {
    tellsCloseFromWrite: false,
    watch: (observer) => new ReopeningWatch(openWatcher, observer),
  };
}

const openWatcher: OpenWatcher = (folders, onEvent, onError) => {
  const watchers: FSWatcher[] = [];
  const close = () => {
    for (const watcher of watchers.splice(0)) watcher.close();
    return new Promise<void>((done) => setTimeout(done, 0));
  };
  for (const folder of folders) {
    try {
      const watcher = watch(folder, (type, name) => {
        for (const event of eventsOf(folder, type, name)) onEvent(event);
      });
      watcher.on("error", (error) => onError(systemError(error, `watch "${folder}"`, folder)));
      watchers.push(watcher);
    } catch (error) {
      close();
      throw systemError(error, `watch "${folder}"`, folder);
    }
  }
  return { instances: 1, close };
};

function eventsOf(folder: string, type: string, name: string | null): RawEvent[] {
  if (name === null) return [{ kind: "rescan", path: "" }];
  if (type === "change") return [{ kind: "partial", path: join(folder, name) }];
  const complete: RawEvent = { kind: "complete", path: join(folder, name) };
  return name === basename(folder) ? [complete, { kind: "complete", path: folder }] : [complete];
}
