import type { Checksum, Refusal } from "./checksum.ts";
import type { StateKind, VersionMarks } from "./envelope.ts";

/** A state that a program left at `path`. */
export interface Saved extends VersionMarks {
  readonly path: string;
  readonly generation: number;
  readonly kind: StateKind;
  /** Why it was saved, for people. */
  readonly reason: string;
  /** The user that the program runs as, where baton has given it the place. */
  readonly uid?: number;
  /** What the program said of the file. Without it, any file that is not empty is believed. */
  readonly claim?: Checksum;
}

/** A state that cannot be believed: where it is, and why. */
export type RejectedState = Refusal & { readonly path: string };
