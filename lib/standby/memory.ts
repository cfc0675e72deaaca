import type { Platform } from "../platform/platform.ts";
import { textOrEmpty } from "../paths/lookup.ts";

const KIB = 1_024;

type Host = Pick<Platform, "files">;

/** What a process has in memory for itself alone, in bytes; null where nobody can tell. */
export function privateBytes(host: Host, pid: number): number | null {
  const text = textOrEmpty(host, `/proc/${pid}/smaps_rollup`);
  const found = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)];
  return found.length === 0 ? null : found.reduce((sum, [, kib]) => sum + Number(kib) * KIB, 0);
}

/** How much memory is to be had, here and within the limits of the control group, in bytes. */
export function availableBytes(host: Host): number {
  const free = /^MemAvailable:\s+(\d+) kB$/m.exec(textOrEmpty(host, "/proc/meminfo"))?.[1];
  return Math.min(Number(free ?? 0) * KIB, ...groupRooms(host));
}

/** What is left of each limit that holds here. */
function groupRooms(host: Host): number[] {
  return textOrEmpty(host, "/proc/self/cgroup").split("\n").flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === "") {
      return roomIn(
        host,
        `/sys/fs/cgroup${path}/memory.max`,
        `/sys/fs/cgroup${path}/memory.current`,
      );
    }
    if (!controllers?.split(",").includes("memory")) return [];
    const folder = `/sys/fs/cgroup/memory${path}`;
    return roomIn(host, `${folder}/memory.limit_in_bytes`, `${folder}/memory.usage_in_bytes`);
  });
}

function roomIn(host: Host, limit: string, usage: string): number[] {
  const [most = "", used = ""] = [limit, usage].map((path) => textOrEmpty(host, path).trim());
  return /^\d+$/.test(most) && /^\d+$/.test(used) ? [Number(most) - Number(used)] : [];
}
