import { closeSync, openSync, readSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { type Files, PlatformError } from "../platform.ts";
import { interpreted } from "./interpreters.ts";

/** What is asked of files here. */
type Lookup = Pick<Files, "stat" | "isExecutable">;
type Environment = Readonly<Record<string, string>>;

/**
 * The file that `name` runs: itself where it has a slash, else the first executable on PATH.
 *
 * What would fail is found out here: of the runtimes one tells of it too late, one names no reason, and one
 * gives a script without `#!` to a shell.
 */
export function findCommand(
  files: Lookup,
  name: string,
  cwd: string,
  env: Environment,
): string {
  if (files.stat(cwd)?.kind !== "directory") {
    throw new PlatformError("ENOENT", `Cannot run in "${cwd}": no folder is there`, cwd);
  }
  const file = filesOf(files, name, cwd, env).find(files.isExecutable);
  if (file === undefined) throw noCommand(files, name, cwd, env);
  checkScript(files, file, () => meant(files, name, cwd, env));
  return file;
}

/** What was probably meant by a name that cannot be run, to go on with a sentence; "" where nobody can tell. */
function meant(files: Lookup, name: string, cwd: string, env: Environment): string {
  const path = resolve(cwd, name);
  const isOnPath = (command: string) =>
    filesOf(files, command, cwd, env).some((file) => files.isExecutable(file));
  if (!isFile(files, path)) {
    const numbered = `${name}3`; // Debian and macOS have `python3` and `pip3` alone.
    return !name.includes("/") && isOnPath(numbered) ? `; did you mean "${numbered}"?` : "";
  }
  const isInFolder = !name.includes("/") && files.isExecutable(path);
  const command = isInFolder ? `./${name}` : interpreted(name, isOnPath);
  return command === null ? "" : `; did you mean "${command}"?`;
}

function noCommand(
  files: Lookup,
  name: string,
  cwd: string,
  env: Environment,
): PlatformError {
  const [file] = filesOf(files, name, cwd, env);
  if (file !== undefined) {
    const hint = meant(files, name, cwd, env);
    return new PlatformError("EACCES", `Cannot run "${file}": it is not executable${hint}`, file);
  }
  return name.includes("/") && files.stat(resolve(cwd, name))?.kind === "directory"
    ? new PlatformError("EISDIR", `Cannot run "${name}": it is a folder`, name)
    : new PlatformError(
      "ENOENT",
      `Cannot run "${name}": no such command${meant(files, name, cwd, env)}`,
      name,
    );
}

/** The files that a command may mean, whether they can be executed or not; looked for as far as they are asked for. */
export function filesOf(
  files: Lookup,
  name: string,
  cwd: string,
  env: Environment,
): IteratorObject<string> {
  const places = name.includes("/") ? [name] : foldersOf(env).map((folder) => `${folder}/${name}`);
  return places.values().map((place) => resolve(cwd, place)).filter((path) => isFile(files, path));
}

function foldersOf({ PATH = "/usr/local/bin:/usr/bin:/bin" }: Readonly<Record<string, string>>) {
  return PATH.split(delimiter).map((folder) => folder || ".");
}

/** What is said of a name that cannot be one, as a long line for a shell. */
const NO_FILE = ["EACCES", "ENAMETOOLONG", "ELOOP"];

function isFile(files: Lookup, path: string): boolean {
  try {
    return files.stat(path)?.kind === "file";
  } catch (error) {
    if (error instanceof PlatformError && NO_FILE.includes(error.code)) return false;
    throw error;
  }
}

/** A file that is text must name its interpreter, and that must be there. */
function checkScript(files: Lookup, file: string, hint: () => string): void {
  const head = headOf(file);
  if (head === null || head.includes("\0")) return;
  const interpreter = /^#![ \t]*([^ \t\n]+)/.exec(head)?.[1];
  if (interpreter === undefined) {
    throw new PlatformError("ENOEXEC", `Cannot run "${file}": it has no "#!" line${hint()}`, file);
  }
  if (!isFile(files, interpreter)) {
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
