import { type EnvironmentMark, PlatformError, type ProcessTree } from "../platform.ts";
import { markReader } from "./mark.ts";
import type { ProcessInfo, ProcessTable } from "./process_table.ts";

/** Foreign processes are looked at again after this long: by then a pid may have been given anew. */
const FOREIGN_FOR_MS = 10_000;

/** The process group of kernel threads. */
const KERNEL = 0;

/** Rounds of stopping what was born meanwhile; each leaves fewer that can still fork. */
const KILL_ROUNDS = 32;

export interface TreeRequest {
  readonly leader: number;
  readonly mark: EnvironmentMark;
  readonly table: ProcessTable;
  /** Baton itself: neither it nor whoever started it is ever part of a tree. */
  readonly self: number;
  readonly send: (pid: number, signal: string) => void;
  /** Whether this user may signal it, or a group by its negative number, or it is gone. */
  readonly maySignal: (pid: number) => boolean;
  readonly now: () => number;
}

/**
 * The tree of `leader`, found in `table`. A process belongs to it by group, by session, by its parent, or by
 * the mark, and from then on for as long as it lives. An empty mark marks nobody.
 *
 * A process that is older than the leader, or can be read and has no mark, is foreign and is not looked at
 * again: fork copies the mark, so a process of the tree has it from birth, unless its parent, which is known by
 * then, had lost it.
 */
export function processTree(
  { leader, mark, table, self, send, maySignal, now }: TreeRequest,
): ProcessTree {
  const protectedPids = lineage(self, table);
  if (!Number.isInteger(leader) || leader <= 1 || protectedPids.includes(leader)) {
    throw new PlatformError("EINVAL", `Cannot take process ${leader} for a program of baton's`);
  }
  const markOf = markReader(table, mark);
  const born = table.look(leader)?.startedAt ?? 0;
  const members = new Map([[leader, born]]);
  const foreign = new Set(protectedPids);
  let forgetAt = now() + FOREIGN_FOR_MS;

  function alive(): number[] {
    if (now() >= forgetAt) {
      foreign.clear();
      for (const pid of protectedPids) foreign.add(pid);
      forgetAt = now() + FOREIGN_FOR_MS;
    }
    const living = table.list(foreign);
    sort(living.filter((process) => !isMember(process)));
    const found = living.filter(isMember).map(({ pid }) => pid);
    if (members.has(leader) && !found.includes(leader) && isHidden()) found.push(leader);
    for (const pid of members.keys()) if (!found.includes(pid)) members.delete(pid);
    return found;
  }

  /** Where `/proc` hides what is another user's (`hidepid`), that nobody may signal it says that it lives. */
  function isHidden(): boolean {
    return table.look(leader) === null && [leader, -leader].some((id) => !maySignal(id));
  }

  function isMember({ pid, startedAt }: ProcessInfo): boolean {
    return members.get(pid) === startedAt;
  }

  /** Tells members from foreign processes; leaves those of which too little is known for the next time. */
  function sort(strangers: readonly ProcessInfo[]): void {
    const unknown: ProcessInfo[] = [];
    const read = new Set<number>();
    for (const process of strangers) {
      const { pid, group, session, startedAt } = process;
      if (startedAt < born || group === KERNEL) foreign.add(pid);
      else if (group === leader || session === leader) members.set(pid, startedAt);
      else {
        const marked = markOf(pid);
        if (marked === "yes") members.set(pid, startedAt);
        else unknown.push(process);
        if (marked === "no") read.add(pid);
      }
    }
    adoptChildren(unknown);
    for (const process of unknown) {
      if (!isMember(process) && read.has(process.pid)) foreign.add(process.pid);
    }
  }

  function adoptChildren(candidates: readonly ProcessInfo[]): void {
    const children = candidates.filter((process) =>
      members.has(process.parent) && !isMember(process)
    );
    if (children.length === 0) return;
    for (const { pid, startedAt } of children) members.set(pid, startedAt);
    adoptChildren(candidates);
  }

  /** A daemon has the mark, though not what it runs in an environment of its own: so ancestors count. */
  function has(pid: number): boolean | null {
    if (!table.isOurs()) return null;
    const [first, ...rest] = lineage(pid, table).filter((other) => !protectedPids.includes(other));
    if (first !== pid) return false;
    return [first, ...rest].some((other) => isKnown(other) || markOf(other) === "yes");
  }

  function isKnown(pid: number): boolean {
    const process = table.look(pid);
    return process !== null &&
      (isMember(process) ||
        process.startedAt >= born && (process.group === leader || process.session === leader));
  }

  return {
    leader,
    alive,
    has,
    wake() {
      const [woken, held]: [number[], number[]] = [[], []];
      for (const pid of members.keys()) {
        const process = table.look(pid);
        if (process === null || !isMember(process)) continue;
        if (process.stoppedBy === "debugger") held.push(pid);
        if (process.stoppedBy !== "signal") continue;
        send(pid, "SIGCONT");
        woken.push(pid);
      }
      return { woken, held };
    },
    listening: () => table.listening(alive()),
    signalGroup(signal) {
      const group = table.look(leader)?.group ?? leader;
      // It has none of its own where the system forbids that (setsid under seccomp).
      if (group === leader) send(-leader, signal);
      else for (const pid of alive()) send(pid, signal);
    },
    signalStrays(signal) {
      for (const pid of alive()) if (table.look(pid)?.group !== leader) send(pid, signal);
    },
    kill() {
      // Stopped first, so that none can fork, nor lose its parent, while the others are being found.
      const stopped = new Set<number>();
      for (let round = 0; round < KILL_ROUNDS; round++) {
        const moving = alive().filter((pid) => !stopped.has(pid));
        if (moving.length === 0) break;
        for (const pid of moving) {
          send(pid, "SIGSTOP");
          stopped.add(pid);
        }
      }
      for (const pid of stopped) send(pid, "SIGKILL");
    },
  };
}

/** A living process, its parent, and so on up to the first. */
function lineage(pid: number, table: ProcessTable): number[] {
  const pids: number[] = [];
  for (let next = pid; next > 0 && !pids.includes(next);) {
    pids.push(next);
    next = table.look(next)?.parent ?? 0;
  }
  return pids;
}
