import type { StartedFrom } from "../standby/news.ts";
import type { ExitStatus } from "../platform/platform.ts";
import type { RejectionKind } from "../state/envelope.ts";
import type { StoredState } from "./context.ts";
import type { Survivor } from "./event.ts";
import type { LowerRung, RefusedRung } from "./rung.ts";
import type { HookOutcome, Marks, Mode, Reason, Timings } from "./handoff.ts";

/** What a person or a program is told. Fields, never sentences: those are made in `report/`. */
export type Fact =
  | {
    readonly type: "started";
    readonly generation: number;
    readonly reason: Reason;
    readonly mode: Mode;
    readonly state: StoredState | null;
  }
  /** A generation is live. `announced` is false where nothing told baton so but its start. */
  | {
    readonly type: "ready";
    readonly generation: number;
    readonly from: number | null;
    readonly reason: Reason;
    readonly mode: Mode;
    readonly changed: readonly string[];
    readonly state: StoredState | null;
    readonly hook: HookOutcome;
    readonly timings: Timings;
    readonly marks: Marks;
    /** The lower rungs that were refused, and why. */
    readonly refusals: readonly RefusedRung[];
    readonly announced: boolean;
    /** How it was started; absent where standbys were not asked for, null where that is not known. */
    readonly standby?: StartedFrom | null;
  }
  /** Live has taken a change without a restart. */
  | {
    readonly type: "updated";
    readonly generation: number;
    readonly rung: LowerRung;
    readonly changed: readonly string[];
    readonly timings: Timings;
  }
  /** Live has refused to: it is restarted. */
  | { readonly type: "declined"; readonly generation: number; readonly changed: readonly string[] }
    & RefusedRung
  /** Commands run that come before a generation. */
  | {
    readonly type: "preparing";
    readonly generation: number;
    readonly commands: readonly string[];
    readonly changed: readonly string[];
  }
  /** A line that one of them wrote. */
  | { readonly type: "command output"; readonly line: string }
  /** One of them failed, so it is not started. */
  | {
    readonly type: "command failed";
    readonly generation: number;
    /** The generation that goes on serving; null where none does. */
    readonly live: number | null;
    readonly changed: readonly string[];
    readonly command: string;
    readonly status: ExitStatus;
    readonly lines: readonly string[];
    readonly tookMs: number;
  }
  | {
    readonly type: "candidate failed";
    readonly generation: number;
    readonly mode: Mode;
    /** The generation that goes on serving; null where it was leaving already. */
    readonly live: number | null;
    readonly changed: readonly string[];
    readonly why: "exited" | "late" | "spawn-failed";
    readonly status: ExitStatus | null;
    readonly uptimeMs: number;
    readonly detail: string;
    readonly lines: readonly string[];
    /** Another of a burst of saves has failed, and was told. */
    readonly folded: boolean;
  }
  /** Two may not run beside one another: the next is started once live is gone. */
  | { readonly type: "in sequence"; readonly generation: number; readonly why: string }
  /** More than one process takes part; by their pids, the one whose state counts and another. */
  | {
    readonly type: "participants";
    readonly generation: number;
    readonly first: number;
    readonly other: number;
  }
  /** It listens, and declares nothing that ends before its state is saved. */
  | {
    readonly type: "no component";
    readonly generation: number;
    /** The process whose state is handed over. */
    readonly pid: number;
    /** Name and version of its client; empty where it does not tell. */
    readonly client: string;
    /** `port 8000`, or the path of a Unix domain socket. */
    readonly listens: readonly string[];
  }
  /** A component asks for more time than the whole hook is given. */
  | {
    readonly type: "timeout cut";
    readonly generation: number;
    readonly component: string;
    readonly timeoutMs: number;
    readonly hookTimeoutMs: number;
  }
  /** Live cannot save (`why`), or gave no answer (`afterMs`): it goes on serving. */
  | {
    readonly type: "handoff refused";
    readonly generation: number;
    readonly changed: readonly string[];
    readonly why: string;
    readonly afterMs: number | null;
  }
  | { readonly type: "candidate outdated"; readonly generation: number }
  /** After a candidate that failed: its change was undone, to what live was started from. */
  | { readonly type: "reverted"; readonly generation: number }
  | { readonly type: "not overlapped"; readonly generation: number; readonly why: string }
  /** The program ended without being asked. */
  | {
    readonly type: "ended";
    readonly generation: number;
    readonly status: ExitStatus;
    readonly uptimeMs: number;
    readonly wasReady: boolean;
    readonly lastReady: number | null;
    readonly state: StoredState | null;
    readonly lines: readonly string[];
    /** Another of a burst of saves has failed, and was told. */
    readonly folded: boolean;
    /** What comes next: a wait for a change, a start after so many milliseconds, or baton's end. */
    readonly next: "wait" | "exit" | "candidate" | { readonly retryMs: number };
  }
  | {
    readonly type: "spawn failed";
    readonly generation: number;
    readonly code: string;
    readonly why: string;
  }
  /** The shutdown hook did not do what it should; the state in use is named. */
  | {
    readonly type: "hook";
    readonly generation: number;
    /** What it was asked for; empty where that was no change. */
    readonly changed: readonly string[];
    readonly trouble:
      | { readonly kind: "component"; readonly component: string; readonly error: string }
      | { readonly kind: "refused"; readonly why: string }
      | { readonly kind: "late"; readonly afterMs: number }
      | { readonly kind: "lost"; readonly why: string };
    readonly state: StoredState | null;
  }
  | {
    readonly type: "state rejected";
    readonly generation: number;
    readonly found: RejectionKind | "missing";
    readonly why: string;
    readonly state: StoredState | null;
  }
  | { readonly type: "late"; readonly generation: number; readonly step: "ready" }
  /** A candidate that boots for long; it has until `limitMs` after its start, or (null) as long as it takes. */
  | {
    readonly type: "slow";
    readonly generation: number;
    readonly live: number;
    readonly uptimeMs: number;
    readonly limitMs: number | null;
  }
  /** What comes next waits for requests to it, for `limitMs` from when the one that serves was ready. */
  | { readonly type: "held up"; readonly generation: number; readonly limitMs: number }
  | {
    readonly type: "escalated";
    readonly generation: number;
    readonly changed: readonly string[];
    readonly by: "signal" | "kill";
    readonly afterMs: number;
  }
  | {
    readonly type: "not killed";
    readonly generation: number;
    readonly processes: readonly Survivor[];
    /** Baton ends, and leaves them. */
    readonly isLeft: boolean;
  }
  | { readonly type: "protocol error"; readonly generation: number; readonly what: string }
  | { readonly type: "checkpoint"; readonly generation: number; readonly state: StoredState }
  | { readonly type: "stopping"; readonly generation: number | null; readonly by: string }
  | { readonly type: "stopped"; readonly status: number; readonly state: StoredState | null };
