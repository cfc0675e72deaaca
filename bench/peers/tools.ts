/** What restarts a program when its file is saved, each run as its own help says. */
import { findBun } from "../../tools/bun.ts";
import { findOnPath } from "../../tools/find_on_path.ts";
import { registryFlags } from "../../tools/registry_flags.ts";

const root = new URL("../../", import.meta.url).pathname;

export type Command = readonly [string, ...string[]];

export interface Tool {
  readonly name: string;
  readonly command: Command;
  readonly version: string;
  /** The program takes part, through baton's client. */
  readonly takesPart: boolean;
}

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
export async function findTools(file: string): Promise<readonly Tool[]> {
  const [deno, bun, number] = [Deno.execPath(), await findBun(), /\d+\.\d+(\.\d+)?/];
  const itself = await baton();
  const version = versionOf([...itself, "--version"], number);
  const found: Tool[] = [
    { name: "baton", command: [...itself, "--", "node", file], version, takesPart: false },
    {
      name: "baton with its client",
      command: [...itself, "--", deno, "run", "-A", file],
      version,
      takesPart: true,
    },
  ];
  const peers: readonly [name: string, runner: string | null, args: string[], asked: string[]][] = [
    ["nodemon", "npx", ["-y", "nodemon@3", file], ["-y", "nodemon@3", "--version"]],
    ["entr -r", "entr", ["-nr", "node", file], []],
    ["node --watch", "node", ["--watch", file], ["--version"]],
    ["deno --watch", deno, ["run", "-A", "--watch", file], ["--version"]],
    ["bun --watch", bun, ["--watch", file], ["--version"]],
  ];
  for (const [name, runner, args, asked] of peers) {
    const program = runner === null ? null : findOnPath(runner);
    if (program === null) console.error(`${name} is left out: it is not installed`);
    else {
      const version = versionOf([program, ...asked], number);
      found.push({ name, command: [program, ...args], version, takesPart: false });
    }
  }
  return found;
}
