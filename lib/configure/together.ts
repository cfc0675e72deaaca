import { resolve } from "@std/path";
import { BatonError } from "../errors.ts";
import { isWithin } from "../paths/path.ts";
import type { Settings } from "../settings.ts";

/** Throws `BatonError` for settings that fit each by itself, and not together. */
export function checkTogether(
  { proxy, listen, ready, also, cwd, stateDir }: Pick<
    Settings,
    "proxy" | "listen" | "ready" | "also" | "cwd" | "stateDir"
  >,
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
  const outside = also.filter((path) => {
    const full = resolve(cwd, path);
    return full === cwd || !isWithin(full, cwd) || isWithin(stateDir, full) ||
      isWithin(full, stateDir);
  });
  if (outside.length > 0) {
    throw new BatonError({
      what: `Cannot take ${
        outside.map((path) => JSON.stringify(path)).join(", ")
      } along with the state: only what ` +
        "is in the project, and is not all of it or the state folder",
      where: '"also"',
      next: 'Name files and folders of the project, as in "data.db"',
    });
  }
}
