import type { Explanation } from "../errors.ts";

/** One settled batch of file changes. */
export interface Change {
  /** Paths whose content moved, relative to the working directory, sorted. */
  readonly paths: readonly string[];
  /** Monotonic milliseconds of the first event of the batch. */
  readonly firstAt: number;
  /** Monotonic milliseconds of its last event. */
  readonly lastAt: number;
}

/**
 * What the watch says. After each `changed` comes one `settled`, once nothing has happened for the settle
 * time (or the wait is capped): what cannot be reverted waits for it.
 */
export type WatchEvent =
  | { readonly type: "armed"; readonly armed: Armed }
  /** Something happens to the files, after it was quiet. */
  | { readonly type: "stirred" }
  | { readonly type: "changed"; readonly change: Change }
  | { readonly type: "settled" }
  /** Files were written, but hold again what they held when a change was last emitted. */
  | { readonly type: "rewritten" }
  /** Something a person should know: no watches left, a folder polled, a file that cannot be read. */
  | { readonly type: "notice" } & Explanation;

/** What is watched. */
export interface Armed {
  /** How many files count. */
  readonly files: number;
  /** How many folders count; those watched for the sake of single entries do not. */
  readonly folders: number;
  /** Watches of the system's facility in use. */
  readonly watches: number;
  /** Instances of it in use. */
  readonly instances: number;
  /** Folders that are polled because no events arrive or no watch was free. */
  readonly polled: number;
  /** From the start of the walk until every change has an event. */
  readonly tookMs: number;
}
