import { expandGlobSync } from "@std/fs/expand-glob";
import { dirname, join } from "@std/path";

/** What a client says of itself, in `client.json` of its folder. */
export interface Manifest {
  readonly name: string;
  /** How it is found by programs that have not installed it. */
  readonly inject?: Injection | undefined;
  /** Which of the capabilities that a client may do without its programs show. */
  readonly capabilities?: readonly string[];
  /** How its programs are run; one for each runtime that it is for. */
  readonly conformance: readonly Runtime[];
}

export interface Injection {
  /**
   * A variable that holds a list, of folders or of options; baton puts one before them. "" for a module that baton has
   * loaded by an option of the command.
   */
  readonly variable: string;
  /** A folder or a file, in the client's folder. */
  readonly path: string;
  /** The option that names it; absent where the list is one of folders. */
  readonly option?: string;
  /** The list has no quotes: it is left out where its path is more than a word. */
  readonly isWord?: boolean;
  /** Only for commands that lead to this interpreter; absent for all. */
  readonly interpreter?: string;
  /** Folders that a single executable of baton has with it. */
  readonly sources: readonly string[];
  /** CommonJS modules that every start loads: they have with them what they load, as each file takes its time. */
  readonly whole?: readonly string[];
}

export interface Runtime {
  readonly on: string;
  /** Succeeds where its toolchain is here; `--version` of the command's program unless set. */
  readonly needs?: readonly string[];
  /** Run once before, where there is something to build. */
  readonly prepare?: readonly string[];
  /** Runs one of its programs, with the name of that added. `{folder}` is a folder of its own. */
  readonly command: readonly string[];
}

/** A client on one of its runtimes, as the suite runs it. */
export interface Client {
  /** As in "TypeScript on Bun". */
  readonly name: string;
  /** Its folder; commands are run there. */
  readonly folder: string;
  readonly runtime: Runtime;
  readonly inject?: Injection | undefined;
  readonly capabilities: readonly string[];
}

const root = new URL("../../clients/", import.meta.url).pathname;

/** The folders in `clients/` that have a manifest. */
export function clientFolders(): string[] {
  return Array.from(expandGlobSync("*/client.json", { root }), ({ path }) => dirname(path));
}

export function manifestOf(folder: string): Manifest {
  return JSON.parse(Deno.readTextFileSync(join(folder, "client.json")));
}

/** A folder by its path, or by its name in `clients/`. */
export function clientsIn(folder: string): Client[] {
  const path = folder.includes("/") ? Deno.realPathSync(folder) : join(root, folder);
  const { name, conformance, inject, capabilities = [] } = manifestOf(path);
  return conformance.map((runtime) => ({
    name: runtime.on === name ? name : `${name} on ${runtime.on}`,
    folder: path,
    runtime,
    inject,
    capabilities,
  }));
}

/** What is missing here to run it; null where nothing is. */
export function missingFor({ runtime: { command, needs } }: Client): string | null {
  const [program, ...args] = needs ?? [command[0]!, "--version"];
  const options = { args, stdout: "null", stderr: "null" } as const;
  try {
    return new Deno.Command(programOf(program!), options).outputSync().success ? null : program!;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return program!;
    throw error;
  }
}

/** This very Deno, and the Python that tests are to use. */
export function programOf(name: string): string {
  if (name === "deno") return Deno.execPath();
  if (name === "python3") return Deno.env.get("PYTHON") ?? name;
  return name;
}
