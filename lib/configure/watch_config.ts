import { dirname } from "@std/path";
import type { Cancel, Platform } from "../platform/platform.ts";
import { readProjectFile } from "./project_file.ts";

/** Editors save in steps. */
const SETTLE_MS = 200;

type Host = Pick<Platform, "clock" | "events" | "files">;

/**
 * Calls `onEdit` once, when a configuration file says something else than `before`: whether the program's files
 * are watched there or not, and also where it was edited meanwhile. Resolves, once it is cancelled, when the system has let go of the folder.
 */
export function watchConfig(
  { clock, events, files }: Host,
  path: string,
  before: string,
  onEdit: () => void,
): () => Promise<void> {
  let pending: Cancel | null = null;
  let isTold = false;

  function look(): void {
    pending = null;
    const now = textOf(files, path);
    if (isTold || now === null || now === before) return;
    isTold = true;
    onEdit();
  }

  const watch = events.watch({
    event(event) {
      if (isTold || (event.path !== path && event.kind !== "rescan")) return;
      pending?.();
      pending = clock.after(SETTLE_MS, look);
    },
    unwatched() {
      // Nothing is lost but the hint: the settings do not change by the edit.
    },
  });
  watch.add([dirname(path)]);
  pending = clock.after(SETTLE_MS, look);
  return () => {
    pending?.();
    return watch.close();
  };
}

function textOf(files: Platform["files"], path: string): string | null {
  const file = readProjectFile(files, path);
  return file !== null && "text" in file ? file.text : null;
}
