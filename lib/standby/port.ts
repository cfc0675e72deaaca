import type { Platform } from "../platform/platform.ts";
import { decodeLine, encodeLine, itemsOf } from "./fields.ts";
import type { LearnedStart } from "./learned.ts";

/**
 * What a start has noted, as one that is given `port` would have, where it is told its port by words of its command.
 * Where that differs it is written to `path`. Throws `PlatformError` where it cannot be.
 */
export function withPort(
  { files }: Pick<Platform, "files">,
  learned: LearnedStart,
  port: string | undefined,
  path: string,
): LearnedStart {
  const before = learned.env.PORT;
  if (before === port || port === undefined || !/^\d+$/.test(before ?? "")) return learned;
  const told = new RegExp(`(?<!\\d)${before}(?!\\d)`, "g");
  const under = (words: readonly string[]) => words.map((word) => word.replace(told, port));
  const notes = learned.notes.split("\n").map((line) => {
    const [kind, items] = decodeLine(line);
    return kind === "argv" ? encodeLine(kind, under(itemsOf(items))).slice(0, -1) : line;
  }).join("\n");
  const command = under(learned.command);
  if (command.every((word, index) => word === learned.command[index])) return learned;
  files.writeAtomically(path, notes.slice(1), { mode: 0o600 });
  const identity = { ...learned.identity, command: under(learned.identity.command) };
  return { ...learned, path, command, identity };
}
