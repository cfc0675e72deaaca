import { isShell, runsOneProgram } from "./shell_line.ts";

/** A package manager says by its title what it runs. */
const MANAGER = /^(npm|npx|pnpm|pnpx|yarn)$/;
const MANAGERS_FILE =
  /(^|\/)(npm-cli\.js|npx-cli\.js|npm|npx|pnpm(\.[cm]?js)?|pnpx(\.[cm]?js)?|yarn(\.js|pkg)?|yarn-[\d.]+\.c?js|corepack(\.js)?)$/;
/** They set variables for one program. */
const SETS_VARIABLES = /(^|\/)cross-env(-shell)?(\.js)?$/;

/** Whether a process with this command line is a package manager that runs a script. */
export function isPackageManager([first = "", second = ""]: readonly string[]): boolean {
  return MANAGER.test(first.split(" ")[0]!) || MANAGERS_FILE.test(second);
}

/** Whether a process has the interpreter below it as its child, and does nothing of its own. */
export function waitsAbove(executable: string, command: readonly string[]): boolean {
  if (/\/uv$/.test(executable)) return true;
  if (isShell(executable)) return runsOneProgram(command);
  return /(^|\/)node$/.test(executable) &&
    (isPackageManager(command) || SETS_VARIABLES.test(command[1] ?? ""));
}
