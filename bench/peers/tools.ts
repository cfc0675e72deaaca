/** What restarts a program when its file is saved, each run as its own help says. */
import { findBun } from "../../tools/bun.ts";
import { cargoTool, goTool } from "./built_tools.ts";
import { findOnPath } from "../../tools/find_on_path.ts";
import { registryFlags } from "../../tools/registry_flags.ts";
import { pythonEnvironment } from "../../tests/support/python_environment.ts";

const root = new URL("../../", import.meta.url).pathname;

export type Command = readonly [string, ...string[]];

export interface Tool {
  readonly name: string;
  readonly command: Command;
  readonly version: string;
  /** The program takes part, through baton's client. */
  readonly takesPart: boolean;
  readonly file: File;
}

/** What it runs, in a language that it can. */
export type File = "program.mjs" | "program.py";
const [MJS, PY]: readonly [File, File] = ["program.mjs", "program.py"];

function versionOf(command: Command, fits: RegExp): string {
  const [program, ...args] = command;
  const { stdout, stderr } = new Deno.Command(program, { args }).outputSync();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return fits.exec(text)?.[0] ?? "?";
}

async function baton(): Promise<Command> {
  const flags = (await registryFlags()).map((flag) => flag.replace("=tools/", `=${root}tools/`));
  return [Deno.execPath(), "run", "-A", "--quiet", "--no-lock", ...flags, `${root}cli.ts`];
}

/** Those that are here; the others are named on standard error. */
export async function findTools(): Promise<readonly Tool[]> {
  const [deno, bun, number] = [Deno.execPath(), await findBun(), /\d+\.\d+(\.\d+)?/];
  const itself = await baton();
  const version = versionOf([...itself, "--version"], number);
  const found: Tool[] = [
    {
      name: "baton",
      command: [...itself, "--", "node", MJS],
      ...{ version, takesPart: false, file: MJS },
    },
    {
      name: "baton with its client",
      command: [...itself, "--", deno, "run", "-A", MJS],
      ...{ version, takesPart: true, file: MJS },
    },
  ];
  const python = await pythonEnvironment("peers", ["uvicorn", "watchfiles", "jurigged"]);
  const watchexec = await cargoTool("watchexec", "watchexec-cli");
  const air = await goTool("air", "github.com/air-verse/air@latest");
  const inPython = (name: string) => python === null ? null : `${python}/${name}`;
  // It does not tell its own.
  const OF_JURIGGED = ["-c", "import importlib.metadata as m; print(m.version('jurigged'))"];
  const node = findOnPath("node") ?? "";
  const OF_AIR = ["--build.cmd", "true", "--build.include_ext", "mjs"];
  const peers: readonly (readonly [
    ...[name: string, runner: string | null, args: string[], asked: string[], file?: File],
  ])[] = [
    ["nodemon", "npx", ["-y", "nodemon@3", MJS], ["-y", "nodemon@3", "--version"]],
    ["watchexec -r", watchexec, ["-r", "--", "node", MJS], ["--version"]],
    ["entr -r", "entr", ["-nr", "node", MJS], []],
    ["air", air, [...OF_AIR, "--build.bin", node, "--build.args_bin", MJS], ["-v"]],
    ["tsx watch", "npx", ["-y", "tsx@4", "watch", MJS], ["-y", "tsx@4", "--version"]],
    ["node --watch", "node", ["--watch", MJS], ["--version"]],
    ["deno --watch", deno, ["run", "-A", "--watch", MJS], ["--version"]],
    ["bun --watch", bun, ["--watch", MJS], ["--version"]],
    ["uvicorn --reload", inPython("uvicorn"), ["--reload", "program:app"], ["--version"], PY],
    ["watchfiles", inPython("watchfiles"), [`${inPython("python")} ${PY}`], ["--version"], PY],
    ["jurigged", inPython("jurigged"), [PY], OF_JURIGGED, PY],
  ];
  for (const [name, runner, args, asked, file = MJS] of peers) {
    const program = runner === null ? null : findOnPath(runner);
    if (program === null) console.error(`${name} is left out: it is not installed`);
    else {
      const teller = asked[0] === "-c" ? inPython("python")! : program;
      const version = versionOf([teller, ...asked], number);
      found.push({ name, command: [program, ...args], version, takesPart: false, file });
    }
  }
  return found;
}
