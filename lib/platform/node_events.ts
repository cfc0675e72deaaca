import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import type { FileEvents } from "./platform.ts";
import { systemError } from "./system_error.ts";

/** File events through `node:fs`, one watch a folder. It does not say when a written file is closed. */
export function nodeEvents(): FileEvents {
  return {
    tellsCloseFromWrite: false,

    watchFolders(folders, onEvent, onError) {
      const watchers: FSWatcher[] = [];
      const close = () => watchers.splice(0).forEach((watcher) => watcher.close());
      try {
        for (const folder of folders) {
          const watcher = watch(folder, (type, name) => {
            const path = name === null ? folder : join(folder, name);
            onEvent({ kind: type === "rename" ? "complete" : "partial", path });
          });
          watcher.on(
            "error",
            (error) => onError(systemError(error, "receive file events", folder)),
          );
          watchers.push(watcher);
        }
      } catch (error) {
        const folder = folders[watchers.length];
        close();
        throw systemError(error, `watch "${folder}"`, folder);
      }
      return { instances: 1, close };
    },
  };
}
