import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import process from "node:process";

/** Whether somebody waits for what is typed: "maybe" for who waits for several things, or may not be looked at. */
export type Reading = "yes" | "maybe" | "no";

/** Numbers of system calls that read one descriptor, and of those that wait for several. */
const CALLS: Readonly<
  Record<string, { readonly read: readonly string[]; readonly wait: readonly string[] }>
> = {
  x64: { read: ["0", "19"], wait: ["7", "23", "270", "271", "232", "281", "441"] },
  arm64: { read: ["63", "65"], wait: ["22", "72", "73", "441"] },
};

/** After the name of the command, which may have anything in it. */
const SESSION_FIELD = 3;

/** Whether a process of this session reads its controlling terminal right now, which is also at `path`. */
export function whoReads(session: number, path: string): Reading {
  let found: Reading = "no";
  const pids = orNull(() => readdirSync("/proc"))?.filter((name) => /^\d+$/.test(name)) ?? [];
  for (const pid of pids) {
    const reading = sessionOf(pid) === session ? readingOf(pid, path) : "no";
    if (reading === "yes") return "yes";
    if (reading === "maybe") found = "maybe";
  }
  return found;
}

function sessionOf(pid: string): number {
  const stat = orNull(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[SESSION_FIELD]);
}

function readingOf(pid: string, path: string): Reading {
  const threads = orNull(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const calls = CALLS[process.arch];
  let found: Reading = "no";
  for (const thread of threads) {
    const text = orNull(() => readFileSync(`/proc/${pid}/task/${thread}/syscall`, "utf8"));
    const [call = "", descriptor] = text?.split(" ") ?? [];
    if (text === null || calls === undefined || calls.wait.includes(call)) found = "maybe";
    else if (calls.read.includes(call) && isTerminal(pid, Number(descriptor), path)) return "yes";
  }
  return found;
}

function isTerminal(pid: string, descriptor: number, path: string): boolean {
  const link = orNull(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`));
  return link === "/dev/tty" || link === path;
}

/** Null where it is gone, or another user's. */
function orNull<Result>(look: () => Result): Result | null {
  try {
    return look();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    return null;
  }
}
