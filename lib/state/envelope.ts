/** The format of what baton leaves beside a state; a newer one is not read. */
export const FORMAT = 1;

/** Saved at the end, saved while running, or a file left by a program without the pipe. */
export type StateKind = "final" | "checkpoint" | "file";

/** What baton knows of one saved state, kept beside its bytes as JSON. */
export interface Envelope {
  /** Of this envelope; see `FORMAT`. */
  readonly format: number;
  /** Of the state. */
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The generation that saved it. */
  readonly generation: number;
  /** How it was saved. */
  readonly kind: StateKind;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** Why it was saved. */
  readonly reason: string;
  /** Names the content of the files that the program was started from; absent where that is not known. */
  readonly tree?: string;
  /** The program was ready, and had lived for a while in which no edit failed; absent where that is not known. */
  readonly good?: true;
  /** The user that saved it, by number, where it was another than baton's: who resumes from it is that one. */
  readonly uid?: number;
}

/** Why state on disk cannot be believed. */
export type RejectionKind = "torn" | "corrupt" | "too old";

/** What reading a state found: five cases, told apart. */
export type Reading =
  | {
    readonly found: "good";
    readonly path: string;
    readonly envelope: Envelope;
    /** Why its envelope could not be written: the state can be handed over, and not found again later. */
    readonly unrecorded?: string;
  }
  | { readonly found: "missing" }
  | { readonly found: RejectionKind; readonly path: string; readonly why: string };

/** What is known of the version of a program that saves a state. */
export type VersionMarks = Pick<Envelope, "tree" | "good">;
