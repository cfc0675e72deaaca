import { type Files, PlatformError } from "../platform.ts";
import { spareDescriptor } from "./spare_descriptor.ts";
import { listeningSockets } from "./listening_sockets.ts";
import type { ProcessInfo, ProcessTable } from "../posix/process_table.ts";

/** How many listings are looked at, at most, where processes keep dying between list and look. */
const MAX_LISTINGS = 20;

const UNREADABLE = ["ENOENT", "ESRCH", "EACCES", "EPERM"];

/** The processes of Linux, from `/proc`. */
export function procTable(
  files: Pick<Files, "readDir" | "readText" | "readLink">,
  self: number,
): ProcessTable {
  let dead = new Set<number>();
  const spare = spareDescriptor;

  return {
    /**
     * A process that is listed but dead when it is looked at may have had a child that is not listed yet,
     * so a listing only counts if all its dead were dead before it.
     */
    list(except) {
      let living: ProcessInfo[] = [];
      for (let listing = 0; listing < MAX_LISTINGS; listing++) {
        const pids = pidsExcept(except);
        living = pids.map(look).filter((process) => process !== null);
        const alive = new Set(living.map(({ pid }) => pid));
        const lost = pids.filter((pid) => !alive.has(pid));
        const isComplete = lost.every((pid) => dead.has(pid));
        dead = new Set(lost);
        if (isComplete) break;
      }
      return living;
    },

    look,

    environment(pid) {
      const block = read(`/proc/${pid}/environ`);
      return block === null || block === "" ? [] : block.split("\0");
    },

    fileLocks(pid) {
      const digits = /^Max file locks +(\d+)/m.exec(read(`/proc/${pid}/limits`) ?? "")?.[1];
      return digits === undefined ? null : BigInt(digits);
    },

    commandLine: (pid) => (read(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim(),

    listening: (pids) => listeningSockets(files, pids),

    isOurs() {
      try {
        return files.readLink("/proc/self") === String(self);
      } catch (error) {
        if (error instanceof PlatformError) return false; // There is no `/proc`, or this one knows us not.
        throw error;
      }
    },

    bootId: () => spare.use(() => files.readText("/proc/sys/kernel/random/boot_id")).trim(),
  };

  function pidsExcept(except: ReadonlySet<number>): number[] {
    return spare.use(() => files.readDir("/proc")).map(({ name }) => Number(name))
      .filter((pid) => Number.isInteger(pid) && !except.has(pid));
  }

  function look(pid: number): ProcessInfo | null {
    const stat = read(`/proc/${pid}/stat`);
    return stat === null ? null : parseStat(pid, stat);
  }

  /** Null where the process is gone, or is another user's. */
  function read(path: string): string | null {
    try {
      return spare.use(() => files.readText(path));
    } catch (error) {
      if (error instanceof PlatformError && UNREADABLE.includes(error.code)) return null;
      throw error;
    }
  }
}

/** `pid (name) state parent group session … start`; the name may hold spaces and parentheses (proc(5)). */
function parseStat(pid: number, stat: string): ProcessInfo | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === "Z" || state === "X") return null;
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startedAt: Number(fields[19]),
    stoppedBy: state === "T" ? "signal" : state === "t" ? "debugger" : null,
  };
}
