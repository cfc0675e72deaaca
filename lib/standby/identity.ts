import { resolve } from "@std/path";
import { nameOf } from "../paths/path.ts";
import { itemsOf } from "./fields.ts";
import { isPackageManager, waitsAbove } from "./wrappers.ts";
import { runsOneProgram } from "./shell_line.ts";

/** One of the processes from an interpreter up to the one that baton started. */
export interface Ancestor {
  readonly pid: number;
  /** It had other work done before: a child of its own has ended. */
  readonly hasReaped: boolean;
  readonly children: number;
  readonly executable: string;
}

/** Who an interpreter is, as its hook says it before anything of the program has run. */
export interface Identity {
  readonly pid: number;
  readonly executable: string;
  readonly cwd: string;
  readonly command: readonly string[];
  /** Itself, then those above it in its session. */
  readonly lineage: readonly Ancestor[];
  /** Where its standard streams lead, and further open files, as `/proc` names them. */
  readonly streams: readonly string[];
  /** Whether something was written before it began. */
  readonly hasWritten: boolean;
  /** What makes it unfit to wait. */
  readonly oddities: readonly string[];
}

/** Reads what a hook has said; null where that is something else. */
export function identityOf(fields: readonly string[]): Identity | null {
  const [pid = "", executable = "", cwd = "", command, lineage, streams, hasWritten, oddities] =
    fields;
  if (fields.length !== 8 || !/^\d+$/.test(pid)) return null;
  return {
    pid: Number(pid),
    executable,
    cwd,
    command: itemsOf(command),
    lineage: itemsOf(lineage).map(ancestorOf),
    streams: itemsOf(streams),
    hasWritten: hasWritten !== "",
    oddities: itemsOf(oddities),
  };
}

function ancestorOf(row: string): Ancestor {
  const [pid, reaped, children, ...executable] = row.split(",");
  return {
    pid: Number(pid),
    hasReaped: reaped !== "0",
    children: Number(children),
    executable: executable.join(","),
  };
}

/** What of its command an interpreter holds open while it waits: Ruby its script, by absolute paths. */
export function openedBy({ executable, command, cwd }: Identity): readonly string[] {
  if (!nameOf(executable).startsWith("ruby")) return [];
  return command.map((word): string => resolve(cwd, word));
}

/** Whether one may stand in for the other: the same program, in the same place, below the same processes. */
export function isSame(one: Identity, other: Identity): boolean {
  const told = ({ executable, cwd, command, lineage }: Identity) =>
    JSON.stringify([executable, cwd, command, lineage.map(({ executable }) => executable)]);
  return told(one) === told(other);
}

/** These ask helpers which interpreter or which packages there are, and change nothing by that. */
const ASKS_HELPERS = /\/shims\/[^/]+$|(^|\/)uv$/;

/**
 * Why no process can wait in the place of this one; null where one can. What was
 * done before the interpreter began (a build, a line printed, a file made empty) would be done too early, and
 * be outdated at the next save.
 */
export function unfitness(
  { lineage, streams, hasWritten, oddities }: Identity,
  { leader, stdout, program, commandOf, script }: {
    /** The process that baton started. */
    readonly leader: number;
    /** Where baton's own standard output leads. */
    readonly stdout: string;
    /** The file that it was started from. */
    readonly program: string;
    /** What a living process was given. */
    commandOf(pid: number): readonly string[];
    /** What a package manager has a shell run for it, if any does. */
    readonly script: string | null;
  },
): string | null {
  const [own, ...above] = lineage;
  const [odd] = oddities;
  if (odd !== undefined) return odd;
  if (own === undefined || lineage.at(-1)?.pid !== leader) return "it is in a session of its own";
  const other = above.find(({ pid, executable }) => !waitsAbove(executable, commandOf(pid)));
  if (other !== undefined) return `"${other.executable}" runs it, which may do more`;
  // The shell is gone where it has executed the last of what it was told.
  if (above.some(({ pid }) => isPackageManager(commandOf(pid)))) {
    if (script === null || !runsOneProgram(["sh", "-c", script])) return `its script may do more`;
  }
  const asks = ASKS_HELPERS.test(program);
  if (lineage.some(({ hasReaped, children }) => hasReaped && !asks || children > 1)) {
    return "another command runs before it, or beside it";
  }
  if (own.children > 0) return "another command runs beside it";
  if (hasWritten && !asks) return "something was written before it began";
  return streams[1] !== stdout || streams.length > 3 ? "its output is redirected" : null;
}
