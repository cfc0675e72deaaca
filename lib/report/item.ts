import type { Explanation } from "../errors.ts";
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
  | { readonly type: "resumed" }
  /** Asked for with a key: the states in the folder `dir`. */
  | { readonly type: "states"; readonly dir: string; readonly states: readonly Reading[] };
