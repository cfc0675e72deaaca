/** What restarts a program when its file is saved: baton in two ways, and its peers. */
import { ensureDirSync } from "@std/fs/ensure-dir";
import { findOnPath } from "../../tools/find_on_path.ts";
import { registryFlags } from "../../tools/registry_flags.ts";
import type { Program } from "./programs.ts";

const root = new URL("../../", import.meta.url).pathname;

export interface Tool {
  readonly name: "sequential" | "overlapped" | "before" | "nodemon" | "entr";
  /** How baton hands over; null for its peers. */
  readonly mode: "sequential" | "overlapped" | null;
  command(program: Program): Command;
  /** For its standard input. */
  input(program: Program): string;
}

type Command = readonly [string, ...string[]];

/** `baton` and `before`: executables, the former in place of the source. */
export async function findTools(
  { baton, before }: { baton?: string; before?: string },
): Promise<readonly Tool[]> {
  const start: Command = baton === undefined ? await fromSource() : [Deno.realPathSync(baton)];
  const found = [
    batonAs("sequential", "sequential", start),
    batonAs("overlapped", "overlapped", start),
  ];
  if (before !== undefined) {
    found.push(batonAs("before", "overlapped", [Deno.realPathSync(before)]));
  }
  const nodemon = await findNodemon();
  if (nodemon === null) console.error("nodemon is left out: npm cannot install it");
  else {
    found.push({
      name: "nodemon",
      mode: null,
      command: ({ command }) => {
        const options = ["--quiet", "--watch", ".", "--ext", "py,mjs"];
        return [nodemon, ...options, "--exec", command.join(" ")];
      },
      input: () => "",
    });
  }
  const entr = findOnPath("entr");
  if (entr === null) console.error("entr is left out: it is not installed");
  else {
    found.push({
      name: "entr",
      mode: null,
      command: ({ command }) => [entr, "-nrd", ...command],
      input: ({ file }) => `${file}\n`,
    });
  }
  return found;
}

function batonAs(name: Tool["name"], mode: NonNullable<Tool["mode"]>, start: Command): Tool {
  const handoff = mode === "overlapped" ? "auto" : mode;
  const options = ["--log", "json", "-v", "--handoff", handoff, "--"];
  return {
    name,
    mode,
    command: ({ command }) => [...start, ...options, ...command],
    input: () => "",
  };
}

/** The command that runs baton from its source. */
export async function fromSource(): Promise<Command> {
  const flags = (await registryFlags()).map((flag) => flag.replace("=tools/", `=${root}tools/`));
  return [Deno.execPath(), "run", "-A", "--quiet", "--no-lock", ...flags, `${root}cli.ts`];
}

/** Installs nodemon into the user's cache folder where it is not there yet. */
export async function findNodemon(): Promise<string | null> {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "."}/.cache`;
  const folder = `${base}/baton-bench`;
  const path = `${folder}/node_modules/.bin/nodemon`;
  if (findOnPath(path)) return path;
  const npm = findOnPath("npm");
  if (!npm) return null;
  ensureDirSync(folder);
  const { success } = await new Deno.Command(npm, {
    args: ["install", "--no-audit", "--no-fund", "--prefix", folder, "nodemon@3"],
    stdout: "null",
  }).output();
  return success ? path : null;
}
