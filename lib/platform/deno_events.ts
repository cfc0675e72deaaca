import { burst } from "./burst.ts";
import type { FileEvents, RawEvent } from "./platform.ts";
import { systemError } from "./system_error.ts";

/** Before Deno 2.9 a queue this long drops what comes on top, and says nothing (denoland/deno#35122). */
const SILENT_QUEUE = 16;

/**
 * File events through `Deno.watchFs`: one inotify instance for the whole process.
 *
 * Seen on Linux: a write in place says `modify`, then `access` when it is closed; a rename says `rename` for
 * either name and for both; reading says nothing. A bare touch, chmod or link says only `modify` or
 * `create`. A new symbolic link that leads out of the watched folders says nothing at all, unless it is
 * renamed over another name; nor does a write through it.
 */
export function denoEvents(): FileEvents {
  return {
    tellsCloseFromWrite: Deno.build.os === "linux",

    watchFolders(folders, onEvent, onError) {
      const watcher = open(folders);
      const lost = () => onEvent({ kind: "rescan", path: "" });
      const queued = burst(dropsSilently() ? SILENT_QUEUE : Infinity, lost);
      let isClosed = false;
      const forward = async () => {
        for await (const event of watcher) {
          if (event.flag === "rescan") lost();
          else for (const path of event.paths) onEvent({ kind: kindOf(event.kind), path });
          if (!isClosed) queued.count();
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
          queued.cancel();
        },
      };
    },
  };
}

function dropsSilently(): boolean {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  return major === 2 && minor < 9;
}

function open(folders: readonly string[]): Deno.FsWatcher {
  try {
    return Deno.watchFs([...folders], { recursive: false });
  } catch (error) {
    throw systemError(error, "watch folders", folders.find(isGone));
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
