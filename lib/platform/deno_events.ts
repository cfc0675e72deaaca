import type { FileEvents, RawEvent } from "./platform.ts";
import { systemError } from "./system_error.ts";

/**
 * File events through `Deno.watchFs`: one inotify instance for any number of folders.
 *
 * Seen on Linux: a write in place says `modify`, then `access` when it is closed; a rename says `rename` for
 * either name and for both; reading says nothing. A bare touch, chmod or link says only `modify` or
 * `create`.
 */
export function denoEvents(): FileEvents {
  return {
    tellsCloseFromWrite: Deno.build.os === "linux",

    watchFolders(folders, onEvent, onError) {
      const watcher = open(folders);
      let isClosed = false;
      const forward = async () => {
        for await (const event of watcher) {
          if (event.flag === "rescan") onEvent({ kind: "rescan", path: "" });
          for (const path of event.paths) onEvent({ kind: kindOf(event.kind), path });
        }
      };
      forward().catch((error) => {
        if (!isClosed) onError(systemError(error, "receive file events"));
      });
      return {
        instances: 1,
        close() {
          if (!isClosed) watcher.close();
          isClosed = true;
        },
      };
    },
  };
}

function open(folders: readonly string[]): Deno.FsWatcher {
  try {
    return Deno.watchFs([...folders], { recursive: false });
  } catch (error) {
    throw systemError(error, "watch", folders.find(isGone));
  }
}

function isGone(path: string): boolean {
  try {
    return !Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

function kindOf(kind: Deno.FsEvent["kind"]): RawEvent["kind"] {
  return kind === "create" || kind === "modify" ? "partial" : "complete";
}
