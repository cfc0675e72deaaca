/** How arming compares with one bare walk of the folders that count. */
import { type Command, Listener } from "./listener.ts";
import type { Tree } from "./tree.ts";

export interface Walks {
  readonly watched: number;
  readonly ignored: number;
  /** Milliseconds of each bare walk, by a runtime of its own. */
  readonly bareMs: readonly number[];
  /** Milliseconds that baton says its arming took. */
  readonly armingMs: readonly number[];
}

/** Both in turns, `times` times. */
export async function walks(
  tree: Tree,
  baton: Command,
  times: number,
): Promise<Walks> {
  const [bareMs, armingMs]: [number[], number[]] = [[], []];
  const script = new URL("bare_walk.ts", import.meta.url).pathname;
  const folders = tree.folders.join("\n");
  for (let time = 0; time < times; time++) {
    const walk = [Deno.execPath(), "run", "-A", "--no-config", script] as const;
    bareMs.push(await took(walk, tree.dir, folders, /"entries"/, ({ tookMs }) => tookMs));
    const command = [...baton, "--log", "json", "-v", "--", "sleep", "100000"] as const;
    armingMs.push(await took(command, tree.dir, "", /"type":"armed"/, ({ armed }) => armed.tookMs));
  }
  return { watched: tree.watched, ignored: tree.ignored, bareMs, armingMs };
}

async function took(
  command: Command,
  cwd: string,
  input: string,
  fits: RegExp,
  // deno-lint-ignore no-explicit-any
  value: (said: any) => number,
): Promise<number> {
  await using listener = new Listener(command, { cwd, input });
  const line = await listener.next(fits, 0, 60_000);
  if (line === null) throw new Error(`${command.join(" ")}\n${listener.tail}`);
  return value(JSON.parse(line.text));
}
