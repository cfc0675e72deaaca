import { type Platform, PlatformError, type Stat } from "../../platform/platform.ts";

/**
 * What a path holds: a digest of its bytes and its executable bit. `null` where nothing is; `undefined`
 * where something is, or was, that nobody has read: it equals nothing, not even itself.
 */
export type Content = bigint | null | undefined;

/** A larger file is known by size and times alone. */
const READ_LIMIT_BYTES = 16 * 1024 * 1024;

const OWNER_MAY_EXECUTE = 0o100;

/** Most files fit; each that does not leaves a buffer of its size behind. */
const room = new Uint8Array(64 * 1024);

/** Whether both are known and equal. */
export function isSame(a: Content, b: Content): boolean {
  return a !== undefined && a === b;
}

/** Whether nothing is there, or a file without a byte: what a writer leaves between two steps of one save. */
export function isBare(content: Content): boolean {
  return content === null || (content !== undefined && content <= 1n);
}

/** Reads what is at `path` now; a file that cannot be read is known by its size and times. */
export function readContent(platform: Platform, path: string, stat: Stat): bigint {
  const executable = executableBit(stat);
  if (stat.sizeBytes === 0) return executable;
  return BigInt.asUintN(64, (digestOf(platform, path, stat) << 1n) | executable);
}

/** What a file of these bytes and this mode holds. */
export function contentOf(
  { digest }: Pick<Platform, "digest">,
  bytes: Uint8Array,
  stat: Pick<Stat, "mode">,
): bigint {
  const executable = executableBit(stat);
  if (bytes.length === 0) return executable;
  return BigInt.asUintN(64, (digest(bytes) << 1n) | executable);
}

function executableBit({ mode }: Pick<Stat, "mode">): bigint {
  return (mode & OWNER_MAY_EXECUTE) !== 0 ? 1n : 0n;
}

/** What a link to a folder holds that is not followed: the name of its target. */
export function linkContent(platform: Platform, target: string): bigint {
  return platform.digest(new TextEncoder().encode(target)) | 2n;
}

function digestOf(platform: Platform, path: string, stat: Stat): bigint {
  if (stat.sizeBytes <= READ_LIMIT_BYTES) {
    try {
      return platform.digest(platform.files.readBytes(path, room));
    } catch (error) {
      // No right to read it, or gone since: its times speak for it, and its removal has an event.
      if (!(error instanceof PlatformError)) throw error;
    }
  }
  return platform.digest(
    new TextEncoder().encode(`${stat.sizeBytes} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.inode}`),
  );
}
