/** What watches files: baton, its peers, and the raw events that none of them can be faster than. */
import { findOnPath } from "../../tools/find_on_path.ts";
import { registryFlags } from "../../tools/registry_flags.ts";
import { findNodemon, fromSource } from "../handoff/tools.ts";
import type { Command } from "./listener.ts";
import { plain, type Runner } from "./runner.ts";
import type { Tree } from "./tree.ts";
import { watchmanOn } from "./watchman.ts";

export interface Rival {
  readonly name: string;
  /** Whether its memory has garbage in it until it rests. */
  readonly collects: boolean;
  /** Resolves when it watches. */
  start(tree: Tree): Promise<Runner>;
}

type Start = Rival["start"];

const COLLECTS = ["baton", "its watch alone", "nodemon"];

const root = new URL("../../", import.meta.url).pathname;
const lines = (paths: readonly string[]) => paths.map((path) => `${path}\n`).join("");

/** Those that are here; the others are named on standard error. `baton` is an executable, or null. */
export async function findRivals(baton: string | null): Promise<readonly Rival[]> {
  const found: Record<string, Start | null> = {
    "baton": batonAs(baton === null ? await fromSource() : [baton]),
    "its watch alone": await engine(),
    "inotifywait": withPath("inotifywait", inotifywait),
    "entr": withPath("entr", entr),
    "watchman": withPath("watchman", watchmanOn),
    "nodemon": withPath(await findNodemon(), nodemon),
  };
  const rivals: Rival[] = [];
  for (const [name, start] of Object.entries(found)) {
    if (start === null) console.error(`${name} is left out: it is not installed`);
    else rivals.push({ name, collects: COLLECTS.includes(name), start });
  }
  return rivals;
}

function withPath(name: string | null, start: (path: string) => Start): Start | null {
  const path = name && findOnPath(name);
  return path ? start(path) : null;
}

const batonAs = (command: Command): Start => (tree) =>
  plain(tree, {
    command: [...command, "--log", "json", "-v", "--", "sleep", "100000"],
    armed: /"type":"armed"/,
    changed: /"type":"ready"/,
  });

/** The command that runs baton's watch by itself. */
export async function engineCommand(...extra: string[]): Promise<Command> {
  const flags = (await registryFlags()).map((flag) => flag.replace("=tools/", `=${root}tools/`));
  const script = `${root}bench/watch/engine.ts`;
  return [Deno.execPath(), "run", "-A", "--quiet", "--no-lock", ...extra, ...flags, script];
}

async function engine(): Promise<Start> {
  const command = await engineCommand();
  return (tree) => plain(tree, { command, armed: /^armed$/, changed: /^changed$/ });
}

const inotifywait = (path: string): Start => (tree) =>
  plain(tree, {
    command: [path, "-m", "--fromfile", "-", "-e", "close_write,moved_to"],
    input: lines(tree.folders),
    armed: /^Watches established/,
    changed: /CLOSE_WRITE|MOVED_TO/,
  });

const entr = (path: string): Start => (tree) =>
  plain(tree, {
    command: [path, "-np", "echo", "changed"],
    input: lines(tree.files),
    armed: null,
    changed: /^changed$/,
  });

const nodemon = (path: string): Start => (tree) =>
  plain(tree, {
    command: [path, "--verbose", "--watch", ".", "--ext", "js", "--exec", "sleep 100000"],
    armed: null,
    changed: /restarting due to changes/,
  });
