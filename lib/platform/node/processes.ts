import process from "node:process";
import { unignoreSigchld } from "../linux/unignore_sigchld.ts";
import { filesOf } from "./find_command.ts";
import { outputOf } from "./output_of.ts";
import type { Files, Processes } from "../platform.ts";
import { hasEntries, markEntries, processTree } from "../posix/process_tree.ts";
import { procTable } from "../linux/proc_table.ts";
import { psTable } from "../posix/ps_table.ts";
import { sendSignal } from "../posix/send_signal.ts";
import { systemClock } from "./system_clock.ts";

/** Processes, however they are spawned and files are read. */
export function processes(spawn: Processes["spawn"], files: Files): Processes {
  unignoreSigchld(files);
  const table = process.platform === "linux" ? procTable(files, process.pid) : psTable;
  return {
    spawn,
    hasFile: (command, cwd, env) => filesOf(command, cwd, env).length > 0,
    output: outputOf,
    tree: (leader, mark) =>
      processTree({
        leader,
        mark,
        table,
        self: process.pid,
        send: sendSignal,
        now: systemClock.now,
      }),
    withMark(mark) {
      const wanted = markEntries(mark);
      return table.list(new Set()).map(({ pid }) => pid)
        .filter((pid) => hasEntries(table.environment(pid), wanted));
    },
    commandLine: table.commandLine,
    startTime(pid) {
      const found = table.look(pid);
      return found === null ? null : `${table.bootId()}:${found.startedAt}`;
    },
    kill: sendSignal,
    self: process.pid,
  };
}
