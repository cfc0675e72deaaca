import type { FileDigest, Platform } from "../platform/platform.ts";
import type { RejectionKind } from "./envelope.ts";
import { reasonOf, refusedBySystem } from "../explain.ts";

/** The program is dark while its state is read, so there is a limit to it. */
export const MAX_STATE_BYTES = 1_073_741_824;

/** Why a state cannot be believed. */
export interface Refusal {
  /** In which way. */
  readonly found: RejectionKind;
  /** What is wrong with it, as the end of a sentence. */
  readonly why: string;
}

/** What tells one state's bytes from another's: their length and their SHA-256. */
export type Checksum = Pick<FileDigest, "sizeBytes" | "sha256">;

const KINDS = { directory: "a folder", symlink: "a link", other: "a pipe or a device" } as const;

/**
 * The checksum of the state at `path`, copying what is read to `copyTo` where that is given; null where nothing
 * is there. Throws `PlatformError` where the copy cannot be written.
 */
export function checksumOf(
  { files }: Pick<Platform, "files">,
  path: string,
  copyTo?: string,
): FileDigest | Refusal | null {
  try {
    const stat = files.lstat(path);
    if (stat === null) return null;
    if (stat.kind !== "file") {
      return { found: "corrupt", why: `is ${KINDS[stat.kind]}, not a file` };
    }
    if (stat.sizeBytes > MAX_STATE_BYTES) {
      return { found: "corrupt", why: `is ${stat.sizeBytes} bytes, ${MAX_STATE_BYTES} at most` };
    }
    const found = files.digestRegular(path, MAX_STATE_BYTES, copyTo);
    return found.sizeBytes === 0 ? { found: "torn", why: "is empty" } : found;
  } catch (error) {
    const refusal = refusedBySystem(error);
    if (copyTo !== undefined && refusal.path === copyTo) throw refusal;
    return refusal.code === "ENOENT"
      ? null
      : { found: "corrupt", why: `cannot be read: ${reasonOf(refusal)}` };
  }
}

/** Why what is there is not what was saved; null where it is. */
export function compare(found: Checksum, saved: Checksum): Refusal | null {
  if (found.sizeBytes !== saved.sizeBytes) {
    return { found: "torn", why: `is ${found.sizeBytes} bytes, ${saved.sizeBytes} were saved` };
  }
  if (found.sha256 !== saved.sha256) {
    return { found: "corrupt", why: `has SHA-256 ${found.sha256}, saved was ${saved.sha256}` };
  }
  return null;
}
