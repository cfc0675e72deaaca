import { join } from "@std/path";
import type { Cancel, Files, Platform } from "../platform/platform.ts";
import { reasonOf, refusedBySystem } from "../explain.ts";
import type { Store } from "../state/store.ts";
import type { Item, ItemOf } from "./item.ts";
import type { Restart } from "./timeline_reader.ts";

/** How many restarts are kept. */
export const KEPT_RESTARTS = 200;
/** Of one restart; a branch switch changes thousands. */
const KEPT_PATHS = 20;
const MAX_BYTES = 4_194_304;
/** Writing waits until the restart is long over. */
const WRITE_AFTER_MS = 1_000;

/** Keeps the last restarts in the state folder. */
export interface Timeline {
  note(item: Item): void;
  /** Writes what is still to be written. */
  close(): void;
}

/** Records until the state folder cannot be written to, which is said once and ends the recording. */
export function openTimeline(
  platform: Platform,
  { dir: stateDir, ensure }: Pick<Store, "dir" | "ensure">,
  log: (item: Item) => void,
): Timeline {
  let unwritten: Restart[] = [];
  let cancel: Cancel | null = null;
  let broken = false;

  function write(): void {
    cancel?.();
    cancel = null;
    if (unwritten.length === 0) return;
    try {
      ensure();
      const written = linesOf(platform.files, stateDir).filter(isWhole);
      const lines = [...written, ...unwritten.map((one) => JSON.stringify(one))];
      const text = lines.slice(-KEPT_RESTARTS).map((line) => `${line}\n`).join("");
      platform.files.writeAtomically(fileIn(stateDir), text, { mode: 0o600 });
    } catch (error) {
      broken = true;
      const what = `Restarts are not recorded any more: ${reasonOf(refusedBySystem(error))}`;
      log({
        type: "warning",
        what,
        next: "Free the place; they are recorded from baton's next start",
      });
    }
    unwritten = [];
  }

  return {
    note(item) {
      if (item.type !== "ready" || broken) return;
      unwritten.push(restartOf(item, platform.clock.wallNow()));
      cancel ??= platform.clock.after(WRITE_AFTER_MS, write);
    },
    close: write,
  };
}

/** What was written, line by line, whether it can be read or not. */
export function linesOf(files: Files, stateDir: string): string[] {
  return textOf(files, fileIn(stateDir)).split("\n").filter((line) => line !== "");
}

/** Whether it was not cut short, at least. */
function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function fileIn(stateDir: string): string {
  return join(stateDir, "timeline.jsonl");
}

function restartOf(ready: ItemOf<"ready">, readyAt: number): Restart {
  const { generation, from, reason, mode, changed, state, marks } = ready;
  return {
    readyAt,
    generation,
    from,
    reason,
    mode,
    changed: changed.slice(0, KEPT_PATHS),
    changedCount: changed.length,
    stateBytes: state?.envelope.sizeBytes ?? null,
    marks,
  };
}

function textOf(files: Files, path: string): string {
  try {
    return new TextDecoder().decode(
      files.readRegular(path, { maxBytes: MAX_BYTES, follow: false }),
    );
  } catch (error) {
    if (refusedBySystem(error).code === "ENOENT") return "";
    throw error;
  }
}
