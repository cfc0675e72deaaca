import type { Platform, TcpConnection } from "../platform/platform.ts";
import type { Source } from "./source.ts";

/** How long what is still sent is read, by which what was written arrives; nginx waits as long for the next of it. */
export const LINGER_MS = 5_000;

/** One side of what passes. */
export interface Side {
  readonly connection: TcpConnection;
  readonly source: Source;
  /** Settles when nobody is in the middle of reading a body from it. */
  readonly busy?: Promise<unknown>;
}

/**
 * Ends a connection whose other side may still be sending: where something is left to read when it is closed, or
 * comes afterwards, the system resets it, and what is on its way to the other side is lost.
 */
export async function linger(
  { clock }: Pick<Platform, "clock">,
  { connection, source, busy }: Side,
): Promise<void> {
  connection.closeWrite();
  const cancel = clock.after(LINGER_MS, () => connection.destroy());
  try {
    await busy;
    while (await source.chunk() !== null);
  } catch (error) {
    if (!(error instanceof Error)) throw error; // It is gone, as it is meant to be.
  }
  cancel();
  connection.destroy();
}
