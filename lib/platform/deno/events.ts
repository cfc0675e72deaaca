import { eventBurst } from "../node/event_burst.ts";
import type { FileEvents, RawEvent } from "../platform.ts";
import { type OpenWatcher, ReopeningWatch } from "../node/reopening_watch.ts";
import { realNames } from "../node/real_names.ts";
import { isGoneBy, systemError } from "../node/system_error.ts";

/** Before Deno 2.9 a queue this long drops what comes on top, and says nothing (denoland/deno#35122). */
const SILENT_QUEUE = 16;

/** The kernel drops what comes on top of 16,384 waiting events, and Deno does not pass on that it says so. */
const KERNEL_QUEUE = 4_096;

/** Every real path is in it. */
const TOP = "/";

/**
 * File events through `Deno.watchFs`: one inotify instance for the whole process, whose events every watcher
 * is offered.
 *
 * Seen on Linux: a write in place says `modify`, then `access` when it is closed; a rename says `rename` for
 * either name and for both; reading says nothing. A bare touch, chmod or link says only `modify` or
 * `create`. A watcher is given what is really, links resolved, at or below one of its folders at the time the
 * event is passed on, so a link that leads out of them would go unheard: the topmost folder is watched too.
 * What comes, goes and comes within that time may still say nothing.
 *
 * Folders are counted by path, and a closed watcher keeps its count until its last poll has returned
 * (denoland/deno#36937): one that is opened before that gets no watch of its own.
 */
export function denoEvents(): FileEvents {
  return {
    tellsCloseFromWrite: Deno.build.os === "linux",
    watch: (observer) => new ReopeningWatch(openWatcher, observer),
  };
}

const openWatcher: OpenWatcher = (folders, onEvent, onError) => {
  const watcher = open(Deno.build.os === "linux" ? [TOP, ...folders] : folders);
  const names = realNames(folders, Deno.build.os === "darwin" ? realPathOf : (path) => path);
  const lost = () => onEvent({ kind: "rescan", path: "" });
  const queued = eventBurst(dropsSilently() ? SILENT_QUEUE : KERNEL_QUEUE, lost);
  let isClosed = false;
  const forward = async () => {
    for await (const event of watcher) {
      if (isClosed) continue;
      if (event.flag === "rescan") lost();
      for (const path of event.paths) {
        for (const name of names(path)) onEvent({ kind: kindOf(event.kind), path: name });
      }
      queued.count();
    }
  };
  const over = forward().catch((error) => {
    if (!isClosed) onError(systemError(error, "receive file events"));
  });
  return {
    instances: 1,
    close() {
      if (!isClosed) watcher.close();
      isClosed = true;
      queued.cancel();
      return over;
    },
  };
};

function dropsSilently(): boolean {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  return major === 2 && minor! < 9;
}

function open(folders: readonly string[]): Deno.FsWatcher {
  try {
    return Deno.watchFs([...folders], { recursive: false });
  } catch (error) {
    throw systemError(error, "watch folders", folders.find(isGone));
  }
}

/** Itself where it is gone again. */
function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (isGoneBy(systemError(error, `resolve "${path}"`, path))) return path;
    throw error;
  }
}

function isGone(path: string): boolean {
  try {
    return !Deno.statSync(path).isDirectory;
  } catch (error) {
    return isGoneBy(systemError(error, `look at "${path}"`, path));
  }
}

function kindOf(kind: Deno.FsEvent["kind"]): RawEvent["kind"] {
  return kind === "create" || kind === "modify" ? "partial" : "complete";
}
