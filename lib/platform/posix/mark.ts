import type { EnvironmentMark } from "../platform.ts";
import { entriesOf, fitsLimit, limitOf } from "../linux/limit_mark.ts";
import type { ProcessTable } from "./process_table.ts";

/** What the system says of a mark: `unreadable` where it does not say, or exec is replacing the process. */
export type Marked = "yes" | "no" | "unreadable";

/** Looks for a mark in processes: as a limit, which no program cleans away, and in the environment. */
export function markReader(table: ProcessTable, mark: EnvironmentMark): (pid: number) => Marked {
  const entries = entriesOf(mark);
  if (entries.length === 0) return () => "no";
  const limit = limitOf(entries);
  return (pid) => {
    if (fitsLimit(table.fileLocks(pid), limit)) return "yes";
    const environment = table.environment(pid);
    if (environment.length === 0) return "unreadable";
    return entries.every((entry) => environment.includes(entry)) ? "yes" : "no";
  };
}
