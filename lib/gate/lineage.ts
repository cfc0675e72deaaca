import { readLinkOrNull, textOrEmpty } from "../paths/lookup.ts";
import { nameOf } from "../paths/path.ts";
import type { Platform } from "../platform/platform.ts";
import { isShell } from "../standby/shell_line.ts";
import type { BuildTool } from "./build_tool.ts";

type Host = Pick<Platform, "files">;

/** Nobody has so many above him. */
const MOST = 16;

/**
 * Whether what waits as `pid` is the program that baton's own command line runs, `leader` being the process that
 * baton has started: nothing but the build tool, and a shell, is above it.
 */
export function isOfCommandLine(
  host: Host,
  tool: BuildTool["name"],
  pid: number,
  leader: number,
): boolean {
  const above = ancestors(host, pid, leader);
  if (above === null) return false;
  // Cargo has become what it runs.
  if (tool === "cargo") return above.every((other) => isShellOf(host, other));
  const [go, ...rest] = above;
  return go !== undefined && isGoRun(host, go) && rest.every((other) => isShellOf(host, other));
}

/** Those above a process, up to the leader; null where that is none of them. */
function ancestors(host: Host, pid: number, leader: number): number[] | null {
  const pids: number[] = [];
  for (let next = pid; next !== leader;) {
    next = parentOf(host, next);
    if (next <= 1 || pids.length === MOST) return null;
    pids.push(next);
  }
  return pids;
}

function parentOf(host: Host, pid: number): number {
  const stat = textOrEmpty(host, `/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

function isShellOf(host: Host, pid: number): boolean {
  return isShell(readLinkOrNull(host, `/proc/${pid}/exe`) ?? "");
}

/** Not one that runs tests, a tool or a generator. */
function isGoRun(host: Host, pid: number): boolean {
  const words = textOrEmpty(host, `/proc/${pid}/cmdline`).split("\0");
  const name = nameOf(readLinkOrNull(host, `/proc/${pid}/exe`) ?? "");
  return name === "go" && (words[1] === "run" || words[1] === "-C" && words[3] === "run");
}
