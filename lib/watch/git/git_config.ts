import type { Platform } from "../../platform/platform.ts";
import { smallTextOrEmpty } from "../../paths/lookup.ts";
import { childOf, parentOf } from "../../paths/path.ts";

/** Files that include one another are followed so far. */
const MOST_INCLUDES = 10;

const SECTION = /^\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)"\s*)?\]/;
const ASSIGNMENT = /^\s*([\w-]+)\s*=(.*)$/;

/** The configuration of git that holds in all repositories; later files decide before earlier ones. */
export function gitConfigFiles(platform: Pick<Platform, "env">): string[] {
  const env = platform.env();
  const { GIT_CONFIG_SYSTEM = "/etc/gitconfig", GIT_CONFIG_GLOBAL, HOME, XDG_CONFIG_HOME } = env;
  const system = isSet(env.GIT_CONFIG_NOSYSTEM) ? [] : [GIT_CONFIG_SYSTEM];
  if (GIT_CONFIG_GLOBAL !== undefined) return [...system, GIT_CONFIG_GLOBAL];
  const xdg = XDG_CONFIG_HOME || (HOME && childOf(HOME, ".config"));
  const global = [xdg && childOf(xdg, "git/config"), HOME && childOf(HOME, ".gitconfig")];
  return [...system, ...global.filter((path) => path !== undefined && path !== "")] as string[];
}

/**
 * What a file of git's configuration says of a path, with what it includes unconditionally; null where that is
 * nothing. `~/` is the home folder.
 */
export function readGitConfig(
  platform: Pick<Platform, "env" | "files">,
  file: string,
  section: string,
  key: string,
  includes = { left: MOST_INCLUDES },
): string | null {
  let current = "";
  let found: string | null = null;
  for (const line of smallTextOrEmpty(platform, file).replace(/\\\r?\n/g, "").split("\n")) {
    const header = SECTION.exec(line);
    if (header !== null) current = header[2] === undefined ? header[1]!.toLowerCase() : "";
    const assignment = ASSIGNMENT.exec(header === null ? line : line.slice(header[0].length));
    if (assignment === null) continue;
    const name = assignment[1]!.toLowerCase();
    const value = inHome(platform, valueOf(assignment[2]!));
    if (current === section && name === key) found = value;
    if (current === "include" && name === "path" && includes.left-- > 0) {
      const path = value.startsWith("/") ? value : childOf(parentOf(file), value);
      found = readGitConfig(platform, path, section, key, includes) ?? found;
    }
  }
  return found;
}

/** Without a comment, quotes and escapes. */
function valueOf(text: string): string {
  let value = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (text[at] === "#" || text[at] === ";")) break;
    else value += text[at] === "\\" ? text[++at] ?? "" : text[at];
  }
  return value.trim();
}

function inHome(platform: Pick<Platform, "env">, path: string): string {
  const { HOME } = platform.env();
  return HOME && path.startsWith("~/") ? childOf(HOME, path.slice(2)) : path;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !/^(|0|no|off|false)$/i.test(value);
}
