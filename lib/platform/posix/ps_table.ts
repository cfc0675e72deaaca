import { spawnSync } from "node:child_process";
import { PlatformError } from "../platform.ts";
import type { ProcessInfo, ProcessTable } from "./process_table.ts";

const COLUMNS = ["-o", "pid=,ppid=,pgid=,stat=,lstart="];

/** The processes of macOS, from `ps`, which shows neither sessions nor environments. */
export const psTable: ProcessTable = {
  list: (except) => ps(["-ax", ...COLUMNS]).filter(({ pid }) => !except.has(pid)),
  look: (pid) => ps(["-p", String(pid), ...COLUMNS])[0] ?? null,
  environment: () => [],
  fileLocks: () => null,
  commandLine: (pid) => psRows(["-p", String(pid), "-o", "command="])[0]?.trim() ?? "",
  listening: () => [],
  isOurs: () => true,
  bootId: () => "",
};

function ps(args: readonly string[]): ProcessInfo[] {
  return psRows(args).map(parseRow).filter((process) => process !== null);
}

function psRows(args: readonly string[]): string[] {
  const { stdout, error } = spawnSync("ps", args, {
    encoding: "utf8",
    env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
  });
  if (error) throw new PlatformError("UNKNOWN", 'Cannot run "ps"', "ps", { cause: error });
  return stdout.split("\n").filter((row) => row.trim() !== "");
}

/** `pid parent group state Mon Jan  2 15:04:05 2006` */
function parseRow(row: string): ProcessInfo | null {
  const [pid, parent, group, state, ...start] = row.trim().split(/\s+/);
  if (state!.startsWith("Z")) return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: 0,
    startedAt: Date.parse(start.join(" ")),
    stoppedBy: state!.startsWith("T") ? "signal" : null,
  };
}
