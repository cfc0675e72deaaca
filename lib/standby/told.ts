import { join } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import type { Launch } from "./launch.ts";
import { withPreload } from "./preload.ts";

/**
 * What starts a process whose hook is to do `how`: what and where, as in `learn:FOLDER`; `view` is where it writes what
 * can be seen of it, or "". The hook finds it in a variable, or in a module of its own in `folder`, which an option of
 * the command names. Throws `PlatformError` where that cannot be written.
 */
export function told(
  { files }: Pick<Platform, "files">,
  launch: Launch,
  folder: string,
  how: string,
  view = "",
): Pick<Launch, "command" | "env"> {
  const { command, env, preload } = launch;
  if (preload === undefined) {
    return { command, env: { ...env, BATON_STANDBY: view === "" ? how : `${how}\n${view}` } };
  }
  const file = join(folder, `${how.slice(0, how.indexOf(":"))}.mjs`);
  const [hook, ...given] = [preload, how, view, file].map((text) => JSON.stringify(text));
  const text = `import { begin } from ${hook};\nawait begin(${given.join(", ")});\n`;
  files.writeAtomically(file, text, { mode: 0o600 });
  return { command: withPreload(command, file), env };
}
