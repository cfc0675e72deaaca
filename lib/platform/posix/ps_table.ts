import { spawnSync } from "node:child_process";
import { PlatformError } from "../platform.ts";
import type { ProcessInfo, ProcessTable } from "./process_table.ts";

/** What `ps` shows of a process: itself, its command line, and behind that its environment. */
interface Shown extends ProcessInfo {
  readonly words: string;
}

const COLUMNS = "pid=,ppid=,pgid=,stat=,lstart=,command=";

/** `pid parent group state Mon Jan  2 15:04:05 2006 command…` */
const ROW = /^\s*(\d+)\s+(\d+)\s+(-?\d+)\s+(\S+)\s+(\w+ \w+\s+\d+ [\d:]+ \d+) ?(.*)$/;

/** The environments of all processes of a busy machine are some megabytes. */
const MOST_BYTES = 256 * 1_024 * 1_024;

/** How `ps` is asked for environments: on macOS, where it gets them by sysctl(3), and as procps has it. */
const WITH_ENVIRONMENT = ["-E", "e"];

/** Runs `ps`; what it prints, or null where it does not understand. */
export type Ps = (args: readonly string[]) => string | null;

/**
 * The processes of macOS, from `ps`, which shows no sessions. It takes some ten milliseconds, so what one run has shown
 * answers for all that is asked until whoever asks waits for something; `list` looks anew.
 */
export function psTable(ps: Ps = runPs): ProcessTable {
  let shown: ReadonlyMap<number, Shown> | null = null;
  let understood = WITH_ENVIRONMENT;

  function print(): string {
    for (const flag of understood) {
      const text = ps(["-A", "-ww", flag, "-o", COLUMNS]);
      if (text === null) continue;
      understood = [flag];
      return text;
    }
    throw new PlatformError("UNKNOWN", 'Cannot list processes: "ps" does not understand', "ps");
  }

  function lookAnew(): ReadonlyMap<number, Shown> {
    const processes = print().split("\n").map(parseRow).filter((process) => process !== null);
    shown = new Map(processes.map((process) => [process.pid, process]));
    queueMicrotask(() => shown = null);
    return shown;
  }
  const look = (pid: number) => (shown ?? lookAnew()).get(pid) ?? null;

  return {
    list: (except) => [...lookAnew().values()].filter(({ pid }) => !except.has(pid)),
    look,
    // None is told of Apple's own programs.
    environment: (pid) => look(pid)?.words.split(/\s/).filter((word) => /^\w+=/.test(word)) ?? [],
    fileLocks: () => null,
    commandLine: (pid) => ps(["-p", String(pid), "-ww", "-o", "command="])?.trim() ?? "",
    listening: () => [],
    isOurs: () => true,
    bootId: () => "",
  };
}

function runPs(args: readonly string[]): string | null {
  const { stdout, status, error } = spawnSync("ps", args, {
    encoding: "utf8",
    env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
    maxBuffer: MOST_BYTES,
  });
  if (error) throw new PlatformError("UNKNOWN", 'Cannot run "ps"', "ps", { cause: error });
  return status === 0 ? stdout : null;
}

/** Null for what is no process, or a zombie. */
function parseRow(row: string): Shown | null {
  const [, pid, parent, group, state, start, words] = ROW.exec(row) ?? [];
  if (state === undefined || state.startsWith("Z")) return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: 0,
    startedAt: Date.parse(start!),
    stoppedBy: state.startsWith("T") ? "signal" : null,
    words: words!,
  };
}
