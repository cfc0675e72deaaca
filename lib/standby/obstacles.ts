/** Why no process is parked for a program. */
import { readLinkOrNull, textOrEmpty } from "../paths/lookup.ts";
import type { Platform } from "../platform/platform.ts";
import { unfitness } from "./identity.ts";
import type { Learned } from "./learned.ts";
import { availableBytes, privateBytes } from "./memory.ts";
import type { Launch } from "./launch.ts";
import type { Newest } from "./newest.ts";
import { onPath } from "./on_path.ts";
import { preloadPlace } from "./preload.ts";

/** What starts in less gains nothing that a person would see. */
const WORTH_MS = 80;
export const FAST = "it starts fast enough";

/** So many times what a process needs must be free. */
const ROOM = 4;

type Host = Pick<Platform, "files">;

/** Why none can stand in for what has noted its start; null where one can. */
export function unsuitable(
  host: Host,
  { identity }: Learned,
  newest: Newest,
): string | null {
  const { command, env, leader } = newest;
  const [program = ""] = command;
  const surroundings = {
    leader,
    stdout: readLinkOrNull(host, "/proc/self/fd/1") ?? "",
    program: onPath(host, program, env.PATH ?? ""),
    commandOf: (pid: number) => wordsOf(host, `/proc/${pid}/cmdline`),
    script: scriptOf(wordsOf(host, `/proc/${identity.pid}/environ`)),
  };
  return unfitness(identity, surroundings) ??
    (newest.announced && isFast(newest.bootMs, 0) ? FAST : null);
}

/**
 * Whether it starts fast enough without: `coldMs` is what it takes cold. When one is up that does not announce it is a
 * guess: its last import may take longest, which shows in how long it took to park another.
 */
export function isFast(coldMs: number, parkedMs: number): boolean {
  return Math.max(coldMs, parkedMs) < WORTH_MS;
}

/** Why none can be parked now for such a start, where one by the command `last` is known; null where one can. */
export function obstacle(
  host: Host,
  leader: number,
  last: readonly string[],
  { command, preload, lacksClients }: Pick<Launch, "command" | "preload" | "lacksClients">,
): string | null {
  if (JSON.stringify(last) !== JSON.stringify(command)) {
    return "the command of the next start is another";
  }
  // It would run the program, a second time.
  const needsPreload = typeof preloadPlace(command) === "number";
  if (lacksClients || needsPreload && preload === undefined) return "its hook is away";
  const needed = privateBytes(host, leader) ?? 0;
  return availableBytes(host) < ROOM * needed ? "memory is short" : null;
}

function wordsOf(host: Host, path: string): string[] {
  return textOrEmpty(host, path).split("\0").slice(0, -1);
}

const SCRIPT = "npm_lifecycle_script=";

/** What a package manager has a shell run. */
function scriptOf(variables: readonly string[]): string | null {
  return variables.find((one) => one.startsWith(SCRIPT))?.slice(SCRIPT.length) ?? null;
}
