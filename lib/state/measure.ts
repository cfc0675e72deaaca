import type { Platform } from "../platform/platform.ts";
import type { Distrust } from "./envelope.ts";
import { reasonOf, refusedBySystem } from "./fault.ts";

/** A state is checked in memory, so there is a limit to it. */
export const MAX_STATE_BYTES = 1_073_741_824;

/** Why a state cannot be believed. */
export interface Refusal {
  /** In which way. */
  readonly found: Distrust;
  /** What is wrong with it, as the end of a sentence. */
  readonly why: string;
}

/** What tells one state's bytes from another's. */
export interface Measure {
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The measure of one file, and which file it was. */
export type Measured = Measure & { readonly inode: number };

const KINDS = { directory: "a folder", symlink: "a link", other: "a pipe or a device" } as const;

/** Measures the state at `path`; null where nothing is there. */
export function measure(platform: Platform, path: string): Measured | Refusal | null {
  try {
    const stat = platform.files.lstat(path);
    if (stat === null) return null;
    if (stat.kind !== "file") {
      return { found: "corrupt", why: `is ${KINDS[stat.kind]}, not a file` };
    }
    if (stat.sizeBytes > MAX_STATE_BYTES) {
      return { found: "corrupt", why: `is ${stat.sizeBytes} bytes, ${MAX_STATE_BYTES} at most` };
    }
    const bytes = platform.files.readBytes(path);
    if (bytes.length === 0) return { found: "torn", why: "is empty" };
    return { sizeBytes: bytes.length, sha256: platform.sha256(bytes), inode: stat.inode };
  } catch (error) {
    const refusal = refusedBySystem(error);
    return refusal.code === "ENOENT"
      ? null
      : { found: "corrupt", why: `cannot be read: ${reasonOf(refusal)}` };
  }
}

/** Why what is there is not what was saved; null where it is. */
export function compare(found: Measure, saved: Measure): Refusal | null {
  if (found.sizeBytes !== saved.sizeBytes) {
    return { found: "torn", why: `is ${found.sizeBytes} bytes, ${saved.sizeBytes} were saved` };
  }
  if (found.sha256 !== saved.sha256) {
    return { found: "corrupt", why: `has SHA-256 ${found.sha256}, saved was ${saved.sha256}` };
  }
  return null;
}
