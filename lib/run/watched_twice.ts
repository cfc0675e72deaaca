import { basename, join } from "@std/path";
import { type Reader, readProjectFile } from "../configure/project_file.ts";
import { configurationOf, takesEdits } from "../configure/projects/takes_edits.ts";
import { fieldsOf } from "../configure/projects/tasks.ts";
import type { Explanation } from "../errors.ts";
import { DEFAULTS, type Settings } from "../settings.ts";

const MANAGERS = ["npm", "pnpm", "yarn", "bun"];
const RUNNERS = ["npx", "bunx"];

/** The command that a package manager's leads to, as its project writes it down; any other as it is. */
function scriptOf(files: Reader, { command, cwd }: Pick<Settings, "command" | "cwd">): string {
  const [program = "", ...words] = command;
  const name = basename(program);
  if (RUNNERS.includes(name)) return words.join(" ");
  if (!MANAGERS.includes(name)) return [name, ...words].join(" ");
  const [first = "", ...rest] = words;
  if (first === "exec") return rest.join(" ");
  const file = readProjectFile(files, join(cwd, "package.json"));
  const text = file !== null && "text" in file ? file.text : null;
  const { scripts } = fieldsOf({ read: () => text }, "package.json");
  const script = Object(scripts)[first === "run" ? rest[0] ?? "" : first];
  return typeof script === "string" ? script : words.join(" ");
}

/** Says so where a server that takes edits by itself is restarted for each of them as well. */
export function sayWatchedTwice(
  files: Reader,
  settings: Pick<Settings, "command" | "cwd" | "watch" | "ext" | "rules">,
  say: (notice: { readonly type: "notice" } & Explanation) => void,
): void {
  const { watch, ext, rules } = settings;
  const isAsDefault = watch.join() === DEFAULTS.watch.join() && ext.length + rules.length === 0;
  if (!isAsDefault) return;
  const script = scriptOf(files, settings);
  if (!takesEdits(script)) return;
  const options = configurationOf(script).map((glob) => `-w '${glob}'`).join(" ");
  say({
    type: "notice",
    what: "This server takes edits by itself, and is restarted for each of them as well",
    next: `To restart it for its configuration alone: baton ${options}, or once "baton init"`,
  });
}
