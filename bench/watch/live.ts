/** What baton's watch keeps in memory, without what V8 has yet to collect. */
import { engineCommand } from "./rivals.ts";
import { Listener } from "./listener.ts";
import type { Tree } from "./tree.ts";

export interface Live {
  /** Files. */
  readonly watched: number;
  readonly bytes: number;
}

const READING_MAY_TAKE_MS = 60_000;

/** Bytes that are live once every file of the tree has been read. */
export async function liveBytes({ dir }: Tree): Promise<number> {
  const command = await engineCommand("--v8-flags=--expose-gc");
  await using listener = new Listener(command, { cwd: dir });
  const line = await listener.next(/^live \d+$/, 0, READING_MAY_TAKE_MS);
  if (line === null) throw new Error(`${command.join(" ")}\n${listener.tail}`);
  return Number(line.text.slice("live ".length));
}
