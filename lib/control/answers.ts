/** What runs, and whether from the files as they are. */
export interface Status {
  /** Baton's version. */
  readonly version: string;
  /** Baton's process. */
  readonly pid: number;
  /** The working directory of the program. */
  readonly cwd: string;
  /** Where the states are kept. */
  readonly stateDir: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** One of the states of `docs/states.md`. */
  readonly state: string;
  /** What serves; null where nothing runs. */
  readonly live: {
    readonly generation: number;
    readonly ready: boolean;
    /** Since it was spawned. */
    readonly uptimeMs: number;
  } | null;
  /** What boots beside it. */
  readonly candidate: { readonly generation: number; readonly uptimeMs: number } | null;
  /** Whether every change is seen by now. */
  readonly watching: boolean;
  /** What differs from the files that `live`, or the last try, was started from; relative to `cwd`. */
  readonly changed: readonly string[];
  /** What keeps changes from being acted on. */
  readonly holds: readonly HoldInfo[];
  /** Names the content of all watched files; null before all were read. */
  readonly tree: string | null;
}

/** A hold: until it ends nothing is started. */
export interface HoldInfo {
  /** Of whoever holds. */
  readonly name: string;
  /** Until it ends by itself; null where it does not. */
  readonly leftMs: number | null;
}

/** What became of the files as they were when that was asked. */
export type Verdict =
  /** What runs was started from them, and is ready. */
  | {
    readonly outcome: "ready";
    readonly generation: number;
    /** What changed before it was started; relative to the working directory. */
    readonly changed: readonly string[];
    /** How long nothing served before; null where that is not known. */
    readonly darkMs: number | null;
    /** False where nothing but its start, and that it has not ended since, says that it is ready. */
    readonly announced: boolean;
    /** What has changed since that was asked. */
    readonly changedSince: readonly string[];
  }
  /** It was started from them, and ended by itself with status 0. */
  | { readonly outcome: "ended"; readonly generation: number }
  /** It was started from them, and failed, or could not be. */
  | {
    readonly outcome: "failed";
    /** The one that failed; that which cannot hand over, where that is why. */
    readonly generation: number;
    /** In words. */
    readonly why: string;
    readonly changed: readonly string[];
    /** The generation that goes on serving; null where none does. */
    readonly live: number | null;
    /** Its last lines on standard error; none where that is a terminal. */
    readonly lines: readonly string[];
    /** Where in the project, as far as its lines tell. */
    readonly place: { readonly file: string; readonly line: number } | null;
  }
  /** They changed before anything was known of them. */
  | { readonly outcome: "changed"; readonly changed: readonly string[] }
  /** Nothing is started from them as long as these hold. */
  | { readonly outcome: "held"; readonly holds: readonly HoldInfo[] }
  /** Nothing is known of them yet; `state` is what goes on. */
  | { readonly outcome: "late"; readonly waitedMs: number; readonly state: string }
  /** Baton ends. */
  | { readonly outcome: "stopped" };

/** What a release did. */
export interface Released {
  /** Of the hold. */
  readonly name: string;
  /** How it ended before, where it had: `time` when its time was over, `owner` when who held it was gone. */
  readonly endedBy: "time" | "owner" | null;
  /** What holds still. */
  readonly holds: readonly HoldInfo[];
  /** Files that have changed since what runs was started. */
  readonly changed: readonly string[];
  /** What became of them, where that was waited for. */
  readonly verdict: Verdict | null;
}

/** A kept state, or one that was set aside. */
export interface KeptState {
  /** Where its bytes are. */
  readonly path: string;
  /** `good`, or what is wrong with it. */
  readonly found: string;
  /** Why it cannot be used; null where it can. */
  readonly why: string | null;
  /** The generation that saved it; null where nobody knows. */
  readonly generation: number | null;
  /** In milliseconds since 1970. */
  readonly savedAt: number | null;
  /** How large it is. */
  readonly sizeBytes: number | null;
  /** Names the content of the files that it was saved under; null where that is not known. */
  readonly tree: string | null;
  /** Its version was ready, and lived for a while in which no edit failed: null where nobody knows. */
  readonly good: boolean | null;
}

/** What a rewind did. */
export interface Rewound {
  /** The generation whose state goes back, or, without one, that goes on serving. */
  readonly generation: number | null;
  /** The state that is handed over; null where what serves goes on. */
  readonly state: KeptState | null;
  /** What was done to files; null where none were to be put back. */
  readonly files: {
    readonly written: readonly string[];
    readonly removed: readonly string[];
    /** Where the files are that were overwritten or removed; null where none was. */
    readonly aside: string | null;
  } | null;
}

/** What is answered to each request. */
export interface Answers {
  readonly status: Status;
  readonly wait: Verdict;
  readonly restart: Readonly<Record<never, never>>;
  readonly hold: HoldInfo;
  readonly release: Released;
  readonly rewind: Rewound;
  readonly state: { readonly dir: string; readonly states: readonly KeptState[] };
  readonly logs: { readonly lines: readonly string[] };
  readonly stop: Readonly<Record<never, never>>;
}
export type AnswerTo<N extends keyof Answers> = Answers[N];
