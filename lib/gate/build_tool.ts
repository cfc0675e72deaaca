import { resolve } from "@std/path";
import { nameOf } from "../paths/path.ts";
import { runsOneProgram } from "../standby/shell_line.ts";

/** What builds a program and then runs it. */
export interface BuildTool {
  readonly name: "go" | "cargo";
  /** Where it is run. */
  readonly folder: string;
}

/** Who is told to build and run a program, and nothing else; null for any other command. */
export function buildToolOf(command: readonly string[], cwd: string): BuildTool | null {
  const [only = ""] = command;
  const started = command.length === 1 && /\s/.test(only) ? ["/bin/sh", "-c", only] : command;
  const { words, folder } = runsOneProgram(started)
    ? insideShell(started[2]!, cwd)
    : { words: started, folder: cwd };
  const [program = "", ...args] = withoutEnv(words);
  const name = nameOf(program);
  if (name === "go" && isGoRun(args)) return { name, folder };
  return name === "cargo" && isCargoRun(args) ? { name, folder } : null;
}

/** What is built may need something else to run it. */
const OTHER_MACHINE = /^GO(OS|ARCH)=/;

/** The one program of a plain line, without what leads up to it. */
function insideShell(line: string, cwd: string): { words: string[]; folder: string } {
  const parts = line.split("&&").map((part) => part.trim().split(/\s+/));
  const words = parts.pop()!;
  if (words.some((word) => OTHER_MACHINE.test(word))) return { words: [], folder: cwd };
  const start = words.findIndex((word) => word !== "exec" && !/^[A-Za-z_]\w*=/.test(word));
  const folder = parts.reduce((from, [, to = "."]) => resolve(from, to), cwd);
  return { words: words.slice(start), folder };
}

/** Without an `env` that sets variables and executes the rest. */
function withoutEnv(words: readonly string[]): readonly string[] {
  if (nameOf(words[0] ?? "") !== "env") return words;
  if (words.some((word) => OTHER_MACHINE.test(word))) return [];
  const start = words.findIndex((word, index) => index > 0 && !/^[A-Za-z_]\w*=/.test(word));
  return start < 0 ? [] : words.slice(start);
}

function isGoRun([first, , third]: readonly string[]): boolean {
  return first === "run" || first === "-C" && third === "run";
}

function isCargoRun(args: readonly string[]): boolean {
  const subcommand = args.find((word) => !/^[+-]/.test(word));
  return subcommand === "run" || subcommand === "r";
}

/** Files that say what a build tool runs by, and for which machine. */
const SETTLES_THE_RUN = /(^|\/)(\.env(\..*)?|\.cargo\/config(\.toml)?|rust-toolchain(\.toml)?)$/;

/** Whether the next run may do without what the last one was seen to do. */
export function changesTheRun(changed: readonly string[]): boolean {
  return changed.some((path) => SETTLES_THE_RUN.test(path));
}
