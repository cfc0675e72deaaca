import { sha256 } from "../node/digests.ts";
import type { EnvironmentMark } from "../platform.ts";

/** `RLIMIT_LOCKS`: every process has it from its parent, and no Linux since 2.4 heeds it (getrlimit(2)). */
const FILE_LOCKS = 10;

/** No limit that somebody means is as large; it fits into 63 bits. */
const MARKED = 1n << 61n;
const FIRST_BITS = 40n;
const REST_BITS = 20n;
const REST = (1n << REST_BITS) - 1n;

/**
 * A mark as a limit on file locks, for who cleans the environment, leaves the session and loses its parent: of
 * the first entry 40 bits, and of the rest 20, which are 0 where there is no more.
 */
export function limitOf([first, ...rest]: readonly string[]): bigint {
  const more = rest.length === 0 ? 0n : bitsOf(rest.join("\0"), REST_BITS) || 1n;
  return MARKED | bitsOf(first!, FIRST_BITS) << REST_BITS | more;
}

/** Whether a process with this limit has the mark, or one that begins with it. */
export function fitsLimit(found: bigint | null, mark: bigint): boolean {
  if (found === null) return false;
  return (mark & REST) === 0n ? (found & ~REST) === mark : found === mark;
}

/** The calls by which a process changes its own limits: `struct rlimit` is the limit and its own limit. */
export interface LimitCalls {
  getrlimit(resource: number, into: BigUint64Array<ArrayBuffer>): number;
  setrlimit(resource: number, from: BigUint64Array<ArrayBuffer>): number;
}

/** Whatever process `run` starts, before it returns, has the mark as its limit. */
export function underLimit<Result>(
  calls: LimitCalls | null,
  mark: EnvironmentMark | undefined,
  run: () => Result,
): Result {
  const own = new BigUint64Array(2);
  const entries = entriesOf(mark ?? {});
  if (calls === null || entries.length === 0 || calls.getrlimit(FILE_LOCKS, own) !== 0) {
    return run();
  }
  const marked = calls.setrlimit(FILE_LOCKS, new BigUint64Array([limitOf(entries), own[1]!])) === 0;
  try {
    return run();
  } finally {
    if (marked) calls.setrlimit(FILE_LOCKS, own);
  }
}

/** The mark as entries of an environment. */
export function entriesOf(mark: EnvironmentMark): string[] {
  return Object.entries(mark).map(([name, value]) => `${name}=${value}`);
}

function bitsOf(text: string, bits: bigint): bigint {
  const digest = sha256(new TextEncoder().encode(text));
  return BigInt(`0x${digest.slice(0, 16)}`) >> 64n - bits;
}
