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
}

/** What is answered to each request. */
export interface Answers {
  readonly status: Status;
  readonly restart: Readonly<Record<never, never>>;
  readonly logs: { readonly lines: readonly string[] };
  readonly stop: Readonly<Record<never, never>>;
}
export type AnswerTo<N extends keyof Answers> = Answers[N];
