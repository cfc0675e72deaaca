import { resolve } from "@std/path";
import { BatonError, type Explanation } from "../errors.ts";
import { reasonOf, refusedBySystem } from "../explain.ts";
import { isFileAt } from "../paths/lookup.ts";
import type { Files, Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";

/** Names of files with variables that tools read by themselves where the program's folder has them. */
const NAMES = [".env", ".env.local", ".env.development", ".env.development.local"];
const MAX_BYTES = 1_048_576;

type Named = Pick<Settings, "cwd" | "envFile">;

/**
 * What is watched: what the settings say, and the files with variables that the program's folder has, or that were
 * named, which mostly are in no repository. What is left out by its very name is not.
 */
export function watchedWithEnvFiles(
  platform: Pick<Platform, "files">,
  { cwd, envFile, watch, ignore }: Named & Pick<Settings, "watch" | "ignore">,
): readonly string[] {
  const there = NAMES.filter((name) => isFileAt(platform, resolve(cwd, name)));
  const wanted = there.filter((name) => !ignore.some((glob) => glob.replace(/^\//, "") === name));
  return [...new Set([...watch, ...wanted, ...envFile])];
}

/**
 * The variables in the files that were named, of a later file those of an earlier. Throws `BatonError` where one
 * cannot be read.
 */
export function readEnvFiles(files: Files, { cwd, envFile }: Named): Record<string, string> {
  return Object.assign({}, ...envFile.map((name) => parseEnvFile(read(files, cwd, name))));
}

/** The same while the program runs: what cannot be read is told, and left out. */
export function toleratedEnvFiles(
  files: Files,
  named: Named,
  onTrouble: (trouble: Explanation) => void,
): Record<string, string> {
  try {
    return readEnvFiles(files, named);
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    onTrouble(error);
    return {};
  }
}

function read(files: Files, cwd: string, name: string): string {
  try {
    const bytes = files.readRegular(resolve(cwd, name), { maxBytes: MAX_BYTES, follow: true });
    return new TextDecoder().decode(bytes);
  } catch (error) {
    throw new BatonError({
      what: `Cannot read the variables in "${name}": ${reasonOf(refusedBySystem(error))}`,
      where: '"--env-file"',
      next: "Name a file with lines such as NAME=value",
    }, { cause: error });
  }
}

const LINE =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:[^"\\]|\\[^])*)"|`([^`]*)`|([^\n]*))/gm;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** Lines of `NAME=value`, as Node reads them: quotes may hold several lines, `#` begins a comment. */
export function parseEnvFile(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (
    const [, name, single, double, back, plain] of text.replaceAll("\r\n", "\n").matchAll(LINE)
  ) {
    const unescaped = double?.replace(/\\([^])/g, (_, letter) => ESCAPES[letter] ?? letter);
    variables[name!] = single ?? unescaped ?? back ?? plain!.replace(/(?:^|\s+)#.*$/, "").trim();
  }
  return variables;
}
