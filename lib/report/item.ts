import type { Explanation } from "../errors.ts";
import type { StoredState } from "../decide/context.ts";
import type { Fact } from "../decide/fact.ts";
import type { Reading } from "../state/envelope.ts";
import type { StandbyNews } from "../standby/news.ts";
import type { Newest } from "../state/store.ts";
import type { WatchEvent } from "../watch/change.ts";

/** Everything that baton tells: what the supervisor decides, what the watch says, and the run around both. */
export type Item = Fact | Extract<WatchEvent, { type: "armed" | "notice" }> | RunItem;

export type ItemOf<T extends Item["type"]> = Extract<Item, { type: T }>;

/** What is told of the run as a whole. */
export type RunItem =
  /** Baton starts. */
  | {
    readonly type: "hello";
    readonly version: string;
    readonly pid: number;
    readonly command: readonly string[];
    readonly cwd: string;
    readonly stateDir: string;
  }
  /** Baton holds a socket for the program; `port` is null at a Unix socket. */
  | {
    readonly type: "listening";
    readonly address: string;
    readonly port: number | null;
    readonly name: string;
  }
  /** Baton stands in front of the program. */
  | { readonly type: "proxying"; readonly address: string; readonly port: number }
  /** The files are those that `state` was saved under: it is offered (`by` null), or what comes resumes from it. */
  | {
    readonly type: "rewind";
    readonly state: StoredState;
    readonly by: "asked" | "files" | null;
  }
  /** What state was found at start, and what could not be used. */
  | { readonly type: "resuming"; readonly newest: Newest }
  /** The state is kept elsewhere than was asked for. */
  | {
    readonly type: "fallback";
    readonly dir: string;
    readonly why: string;
    readonly next: string;
  }
  /** What a baton that died had left running was ended; `adopted`: its state was taken over. */
  | {
    readonly type: "orphans";
    readonly command: readonly string[];
    readonly pids: readonly number[];
    readonly adopted: boolean;
  }
  /** A process waits for the next generation, or none will. */
  | { readonly type: "standby"; readonly news: StandbyNews }
  | { readonly type: "error" } & Explanation
  | { readonly type: "warning" } & Explanation
  /** Asked for with a key: what keys there are. */
  | { readonly type: "keys" }
  | { readonly type: "paused" }
  /** Nothing is started until it is released; `forMs`: it ends by itself after so long. */
  | { readonly type: "held"; readonly name: string; readonly forMs: number | null }
  /** A hold has ended: it was asked to, its time was over, or who held it is gone. */
  | {
    readonly type: "released";
    readonly name: string;
    readonly by: "asked" | "time" | "owner";
    /** What has changed since what runs was started. */
    readonly changed: readonly string[];
    /** What holds still. */
    readonly holds: readonly string[];
  }
  | { readonly type: "resumed" }
  /** Asked for with a key: the states in the folder `dir`. */
  | {
    readonly type: "states";
    readonly dir: string;
    readonly states: readonly Reading[];
    /** Names the files as they are; null before all were read. */
    readonly tree: string | null;
  };
