/** Writes as many of the bytes as are taken at once; returns how many. */
export type WriteSome = (descriptor: number, bytes: Uint8Array) => number;

/** Between two attempts to write to a slow reader, and how long it may take nothing before it is given up. */
const RETRY_MS = 2;
const STALLED_AFTER_MS = 2_000;

/** A pipe takes so much whole or not at all, so that it is known what was written (`PIPE_BUF`, pipe(7)). */
const WHOLE_BYTES = 4_096;

/** Of whom there is no use any more: nobody reads, or it is gone. */
const GONE = ["EPIPE", "EIO", "EBADF", "ENXIO", "ECONNRESET"];
/** There may be room again. */
const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];

const closed = new Set<number>();
/** Given up before: not waited for again until something is taken. */
const stalled = new Set<number>();

/**
 * Writes everything to an open descriptor before it returns, also where that is a pipe in non-blocking mode.
 * Once nobody reads there any more, nothing is written.
 */
export function writeAll(
  descriptor: number,
  data: string | Uint8Array,
  writeSome: WriteSome,
): void {
  let left = typeof data === "string" ? new TextEncoder().encode(data) : data;
  let waitedMs = 0;
  while (left.length > 0 && !closed.has(descriptor)) {
    try {
      left = left.subarray(writeSome(descriptor, left.subarray(0, WHOLE_BYTES)));
      waitedMs = 0;
      stalled.delete(descriptor);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "EINTR") continue;
      if (GONE.includes(code ?? "")) closed.add(descriptor);
      else if (code !== "EAGAIN") throw error;
      else if (waitedMs >= STALLED_AFTER_MS || stalled.has(descriptor)) {
        stalled.add(descriptor);
        return;
      }
      waitedMs += RETRY_MS;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/**
 * The same for what is told on the way: where the disk that it goes to is full, a line is lost, and the program goes
 * on. The next one is tried again.
 */
export function writeLog(
  descriptor: number,
  data: string | Uint8Array,
  writeSome: WriteSome,
): void {
  try {
    writeAll(descriptor, data, writeSome);
  } catch (error) {
    if (!FULL.includes((error as { code?: string }).code ?? "")) throw error;
  }
}
