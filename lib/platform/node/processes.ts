import process from "node:process";
import { unignoreSigchld } from "../linux/unignore_sigchld.ts";
import { filesOf } from "./find_command.ts";
import { outputOf } from "./output_of.ts";
import { adoptOrphans, type OrphanRequest } from "../linux/orphans.ts";
import type { ExitStatus, Files, Processes } from "../platform.ts";
import { markReader } from "../posix/mark.ts";
import { groupTree } from "../posix/group_tree.ts";
import { processTree } from "../posix/process_tree.ts";
import { standInForReaders } from "../linux/pipe_readers.ts";
import { executed, openForWriting } from "../linux/open_files.ts";
import { procTable } from "../linux/proc_table.ts";
import { psTable } from "../posix/ps_table.ts";
import { maySignal, sendSignal } from "../posix/send_signal.ts";
import { systemClock } from "./system_clock.ts";

/** Processes, however they are spawned and files are read. */
export function processes(
  spawn: Processes["spawn"],
  files: Files,
  openOrphanCalls: OrphanRequest["open"],
): Processes {
  /** Those of which somebody waits to hear how they end. */
  const own = new Set<number>();
  unignoreSigchld(files);
  const table = process.platform === "linux" ? procTable(files, process.pid) : psTable();
  return {
    spawn(request) {
      const onExit = (status: ExitStatus) => {
        own.delete(spawned.pid);
        request.onExit(status);
      };
      const spawned = spawn({ ...request, onExit });
      own.add(spawned.pid);
      return spawned;
    },
    hasFile: (command, cwd, env) => filesOf(files, command, cwd, env).some(() => true),
    output: (command, options) => outputOf(command, options, own),
    tree(leader, mark) {
      if (!table.isOurs()) return groupTree(leader);
      const { pid: self } = process;
      const { now } = systemClock;
      return processTree({ leader, mark, table, self, send: sendSignal, maySignal, now });
    },
    withMark(mark) {
      if (!table.isOurs()) return [];
      const markOf = markReader(table, mark);
      return table.list(new Set()).map(({ pid }) => pid).filter((pid) => markOf(pid) === "yes");
    },
    openForWriting: (pids) =>
      process.platform === "linux" && table.isOurs() ? openForWriting(files, pids) : new Set(),
    executed: (pids) =>
      process.platform === "linux" && table.isOurs() ? executed(files, pids) : new Set(),
    standInForReaders: (pids) =>
      process.platform === "linux" && table.isOurs() ? standInForReaders(pids) : () => {},
    commandLine: (pid) => table.isOurs() ? table.commandLine(pid) : "",
    startTime(pid) {
      const found = table.isOurs() ? table.look(pid) : null;
      return found === null ? null : `${table.bootId()}:${found.startedAt}`;
    },
    kill: sendSignal,
    maySignal,
    adoptOrphans: () =>
      adoptOrphans({
        open: openOrphanCalls,
        isOwn: (pid) => own.has(pid),
        onChildEnd(run) {
          process.on("SIGCHLD", run);
          return () => void process.off("SIGCHLD", run);
        },
        clock: systemClock,
      }),
    self: process.pid,
  };
}
