import type { Platform } from "../platform/platform.ts";
import type { Client } from "./client.ts";
import { linger, LINGER_MS, type Side } from "./linger.ts";
import type { Target, Upstream } from "./upstream.ts";

/** Where the bytes of a client go. */
export interface Tunnel {
  readonly upstream: Upstream;
  readonly target: Target;
}

/**
 * Bytes both ways until both sides have ended, or the generation is asked to stop. Of a side that is gone, what it
 * had said before still arrives.
 */
export async function tunnel(
  platform: Pick<Platform, "clock">,
  client: Client,
  { upstream, target }: Tunnel,
): Promise<void> {
  const close = () => {
    client.connection.destroy();
    upstream.connection.destroy();
  };
  const end = target.stream(close);
  let cancel = () => {};
  /** The other side may not say anything for hours, by which to see that nobody hears it. */
  const closeSoon = () => {
    cancel();
    cancel = platform.clock.after(LINGER_MS, close);
  };
  try {
    await Promise.all([
      pump(client, upstream, closeSoon),
      pump(upstream, client, closeSoon),
    ]);
    cancel();
    const sides = [client, upstream].filter(({ source }) => !source.isOver);
    await Promise.all(sides.map((side) => linger(platform, side)));
  } finally {
    cancel();
    end();
    close();
  }
}

/** Passes on what comes from one side until that has ended, or the other hears no more. */
async function pump(
  { source }: Side,
  { connection }: Side,
  onGone: () => void,
): Promise<void> {
  try {
    for (let bytes = await source.chunk(); bytes !== null; bytes = await source.chunk()) {
      await connection.write(bytes);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (source.isBroken) onGone();
  }
  connection.closeWrite();
}
