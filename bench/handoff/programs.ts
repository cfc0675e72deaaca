/** The programs that are handed over, and folders to edit them in. */
const root = new URL("../../", import.meta.url).pathname;

export interface Program {
  readonly name: "python" | "deno" | "node";
  readonly file: string;
  readonly command: readonly [string, ...string[]];
  /** Starts the interpreter and does nothing. */
  readonly bare: readonly [string, ...string[]];
}

const deno = Deno.execPath();
export const python = interpreter(Deno.env.get("PYTHON") ?? "python3");

/** The interpreter itself, where the command is a script that looks for one. */
function interpreter(command: string): string {
  const args = ["-c", "import sys; print(sys.executable)"];
  const { stdout } = new Deno.Command(command, { args, stderr: "inherit" }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

export const PROGRAMS: readonly Program[] = [
  {
    name: "python",
    file: "serves_with_python.py",
    command: [python, "serves_with_python.py"],
    bare: [python, "-c", ""],
  },
  {
    name: "deno",
    file: "serves_with_deno.mjs",
    command: [deno, "run", "-A", "serves_with_deno.mjs"],
    bare: [deno, "eval", ""],
  },
  {
    name: "node",
    file: "serves_with_node.mjs",
    command: ["node", "serves_with_node.mjs"],
    bare: ["node", "-e", ""],
  },
];

/** The TypeScript client in one file, for programs of Node. */
export async function bundleClient(folder: string): Promise<string> {
  const path = `${folder}/client.mjs`;
  const { success, stderr } = await new Deno.Command(deno, {
    args: ["bundle", "--quiet", "-o", path, `${root}lib/client/mod.ts`],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot bundle the client: ${new TextDecoder().decode(stderr)}`);
  return path;
}

/** A folder with a program in it, to be edited while it runs. */
export class Workplace implements Disposable {
  readonly dir = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-bench-" }));
  readonly #file: string;
  readonly #text: string;
  version = 1;

  constructor({ file }: Program, client: string) {
    this.#file = `${this.dir}/${file}`;
    this.#text = Deno.readTextFileSync(`${root}bench/programs/${file}`);
    if (!/^(const )?VERSION = 1;?$/m.test(this.#text)) throw new Error(`${file} has no version`);
    Deno.copyFileSync(client, `${this.dir}/client.mjs`);
    Deno.writeTextFileSync(this.#file, this.#text);
  }

  /** Writes the next version in place, as most editors do. */
  save(): void {
    this.version += 1;
    Deno.writeTextFileSync(
      this.#file,
      this.#text.replace("VERSION = 1", `VERSION = ${this.version}`),
    );
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.dir, { recursive: true });
  }
}

/**
 * What a program needs to be told; where baton does not bring the Python client, its path. Python may keep
 * the bytecode of the client under every tool: baton sees to its own even where that is forbidden.
 */
export function environment(
  { port, importMs, alone }: { port: number; importMs: number; alone: boolean },
): Record<string, string> {
  const own = { PORT: String(port), IMPORT_MS: String(importMs) };
  const env = { ...own, NO_COLOR: "1", PYTHONDONTWRITEBYTECODE: "" };
  return alone ? { ...env, PYTHONPATH: `${root}clients/python` } : env;
}
