import { BatonError } from "../errors.ts";
import type { Settings } from "../settings.ts";

/** Throws `BatonError` for settings that fit each by itself, and not together. */
export function checkTogether(
  { proxy, listen, ready }: Pick<Settings, "proxy" | "listen" | "ready">,
): void {
  if (proxy !== null && listen.length > 0) {
    throw new BatonError({
      what: 'Cannot use "--listen" beside "--proxy": each says on which port the program is found',
      next: 'Leave "--proxy" out where the program takes a socket, else "--listen"',
    });
  }
  if (proxy === null && ready?.kind === "path") {
    throw new BatonError({
      what: `Cannot use "http:${ready.path}" for --ready: there is no port that it is of`,
      next: 'Write the whole URL, as in "http://localhost:8000/", or use "--proxy"',
    });
  }
}
