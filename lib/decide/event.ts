import type { Hello } from "../protocol/message.ts";
import type { ExitStatus } from "../platform/platform.ts";
import type { StoredState } from "./context.ts";
import type { Reading } from "../state/envelope.ts";

/** When it happened, in monotonic milliseconds. */
interface At {
  readonly at: number;
}
interface Of extends At {
  readonly generation: number;
}
/** Said on the pipe. Participants are counted from 0, in the order of their first hello. */
interface Said extends Of {
  readonly participant: number;
}

/** Content differs from what was known. */
export interface Changed extends At {
  readonly type: "changed";
  readonly firstAt: number;
  readonly paths: readonly string[];
  /** By generation: the paths whose content differs from what it was started from. */
  readonly differs: ReadonlyMap<number, readonly string[]>;
  /** By path: the number of the rule that names it; absent where there are no rules. */
  readonly ruled?: ReadonlyMap<string, number>;
  /** It was held, and is released: whoever saved it is done. */
  readonly released?: boolean;
}

/** A program said hello: it is at the barrier, or its components have changed. */
export interface Greeted extends Said {
  readonly type: "hello";
  readonly pid: number;
  /** Name and version of its client, where it tells them: `baton-python/1.0.0`. */
  readonly client?: string;
  readonly capabilities: readonly string[];
  readonly components: Hello["components"];
  /** What its tree listens on already; looked for at the first hello of one that is alone. */
  readonly listens: readonly string[];
}

export interface Saved extends Said {
  readonly type: "saved";
  readonly kind: "final" | "checkpoint";
  readonly bytes: number;
  readonly sha256: string;
}

/** A process that cannot be ended. */
export interface Survivor {
  /** Its process id. */
  readonly pid: number;
  /** Its command line; "" where nobody can tell. */
  readonly command: string;
  /** What keeps it alive. */
  readonly why: string;
}

/** Everything that can happen to baton. One queue holds them; one function answers them. */
export type Event =
  | Changed
  /** Files hold what they held when it was started, but were written since: it may have read something else. */
  | Of & { readonly type: "rewritten" }
  /** Nothing has happened to the files for the settle time since the last `changed`. */
  | At & { readonly type: "settled" }
  /** A person asked for a restart without a change. */
  | At & { readonly type: "restart" }
  /**
   * The next generation is to resume from this state, or (null) from the newest again. One that is on its way is the
   * next where that was asked for, and is not where the files are why: it was started from others.
   */
  | At & {
    readonly type: "rewind";
    readonly state: StoredState | null;
    readonly by: "files" | "asked";
  }
  /** Baton was asked to stop; again means at once. */
  | At & { readonly type: "stop"; readonly by: string }
  | Greeted
  /** Said by a participant, or (null) seen by the readiness probe. */
  | Of & {
    readonly type: "ready";
    readonly participant: number | null;
    /** What else its tree listens on, where it was seen from outside that it answers on its own port. */
    readonly holds?: readonly string[];
  }
  | Said & { readonly type: "stopping"; readonly component: string }
  | Said & { readonly type: "stopped"; readonly component: string; readonly elapsedMs: number }
  | Said & { readonly type: "failed"; readonly component: string; readonly error: string }
  | Saved
  | Said & { readonly type: "refused"; readonly why: string }
  /** What it was asked to take without a restart is in effect. */
  | Said & { readonly type: "done"; readonly step: number }
  /** It cannot take that without a restart. */
  | Said & {
    readonly type: "declined";
    readonly step: number;
    readonly why: string;
    readonly file?: string | undefined;
    readonly line?: number | undefined;
    /** Nor with one. */
    readonly broken?: boolean | undefined;
  }
  /** The commands that come before the next generation have all succeeded. */
  | At & { readonly type: "prepared" }
  /** One of them failed. */
  | At & {
    readonly type: "command failed";
    readonly command: string;
    readonly status: ExitStatus;
    /** Its last lines. */
    readonly lines: readonly string[];
  }
  /** A participant's connection ended. */
  | Said & { readonly type: "disconnected" }
  /** Something that does not fit the protocol was said; that connection may have ended for it. */
  | Of & { readonly type: "protocol error"; readonly what: string }
  /** It was seen to have closed what it listens on; `at` is when that was last seen open. */
  | Of & { readonly type: "listener closed" }
  /** A saved state was read back. */
  | Of & {
    readonly type: "checked";
    readonly kind: "final" | "checkpoint";
    readonly reading: Reading;
  }
  /** All that take part have left as they were told; others are left, its leader among them. */
  | Of & { readonly type: "participants left" }
  /** No request to it is under way any more. */
  | Of & { readonly type: "drained" }
  /** Its leading process has started. `builds`: it is a build tool, which says when it has built the program. */
  | Of & { readonly type: "spawned"; readonly builds?: boolean }
  /** Its program is built, and waits to be let run. */
  | Of & { readonly type: "built" }
  /** It could not be started at all. */
  | Of & { readonly type: "spawn failed"; readonly code: string; readonly why: string }
  /** Its leading process ended; `survivors` of its tree are still alive. */
  | Of & {
    readonly type: "exited";
    readonly status: ExitStatus;
    readonly survivors: number;
    /** Its last lines on standard error, where baton could read them. */
    readonly lines: readonly string[];
    /** What of another generation they name, in words: a process, a port. */
    readonly names?: string;
  }
  /** These processes of it were killed, and are still there. */
  | Of & { readonly type: "not killed"; readonly processes: readonly Survivor[] }
  /** No process of it is left. `left` is the state a program without the pipe left behind. */
  | Of & { readonly type: "gone"; readonly left: Reading }
  | At & { readonly type: "deadline"; readonly timer: Timer };

export type EventOf<T extends Event["type"]> = Extract<Event, { type: T }>;

/** What can come too late. */
export type Timer =
  | `boot ${number}`
  | `slow ${number}`
  | `checkpoint ${number}`
  | `hook ${number}`
  | `drain ${number}`
  | `wait ${number}`
  | `leave ${number}`
  | `stop ${number}`
  | `step ${number}`
  | "backoff"
  | "quiet";
