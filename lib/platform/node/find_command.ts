import { closeSync, openSync, readSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { nodeFiles } from "./files.ts";
import { PlatformError } from "../platform.ts";

/**
 * The file that `name` runs: itself where it has a slash, else the first executable on PATH.
 *
 * What would fail is found out here: of the runtimes one tells of it too late, one names no reason, and one
 * gives a script without `#!` to a shell.
 */
export function findCommand(
  name: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): string {
  if (nodeFiles.stat(cwd)?.kind !== "directory") {
    throw new PlatformError("ENOENT", `Cannot run in "${cwd}": no folder is there`, cwd);
  }
  const files = filesOf(name, cwd, env);
  const file = files.find(nodeFiles.isExecutable);
  if (file === undefined) {
    if (files.length > 0) {
      throw new PlatformError("EACCES", `Cannot run "${files[0]}": it is not executable`, files[0]);
    }
    throw name.includes("/") && nodeFiles.stat(resolve(cwd, name))?.kind === "directory"
      ? new PlatformError("EISDIR", `Cannot run "${name}": it is a folder`, name)
      : new PlatformError("ENOENT", `Cannot run "${name}": no such command`, name);
  }
  checkScript(file);
  return file;
}

/** The files that a command may mean, whether they can be executed or not. */
export function filesOf(
  name: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): string[] {
  const places = name.includes("/") ? [name] : foldersOf(env).map((folder) => `${folder}/${name}`);
  return places.map((place) => resolve(cwd, place)).filter(isFile);
}

function foldersOf({ PATH = "/usr/local/bin:/usr/bin:/bin" }: Readonly<Record<string, string>>) {
  return PATH.split(delimiter).map((folder) => folder || ".");
}

/** What is said of a name that cannot be one, as a long line for a shell. */
const NO_FILE = ["EACCES", "ENAMETOOLONG", "ELOOP"];

function isFile(path: string): boolean {
  try {
    return nodeFiles.stat(path)?.kind === "file";
  } catch (error) {
    if (error instanceof PlatformError && NO_FILE.includes(error.code)) return false;
    throw error;
  }
}

/** A file that is text must name its interpreter, and that must be there. */
function checkScript(file: string): void {
  const head = headOf(file);
  if (head === null || head.includes("\0")) return;
  const interpreter = /^#![ \t]*([^ \t\n]+)/.exec(head)?.[1];
  if (interpreter === undefined) {
    throw new PlatformError("ENOEXEC", `Cannot run "${file}": it has no "#!" line`, file);
  }
  if (!isFile(interpreter)) {
    throw new PlatformError(
      "ENOENT",
      `Cannot run "${file}": its interpreter "${interpreter}" is not there`,
      interpreter,
    );
  }
}

/** The first bytes of a file; null where it may be executed but not read. */
function headOf(file: string): string | null {
  const bytes = new Uint8Array(256);
  let descriptor;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if ((error as { code?: string }).code === "EACCES") return null;
    throw error;
  }
  try {
    return new TextDecoder().decode(bytes.subarray(0, readSync(descriptor, bytes)));
  } finally {
    closeSync(descriptor);
  }
}
