import type { Platform } from "../../platform/platform.ts";
import { childOf } from "../../paths/path.ts";
import { gitConfigFiles, readGitConfig } from "./git_config.ts";
import { commonFolderOf, gitFolderIn } from "./git_folder.ts";

/**
 * The files by which git ignores paths of the working tree in `folder` beside those in it: the user's own
 * (`core.excludesFile`), then the repository's. Later ones decide before earlier ones; they need not be there.
 */
export function excludeFilesOf(platform: Platform, folder: string): string[] {
  const gitFolder = gitFolderIn(platform, folder);
  if (gitFolder === null) return [];
  const common = commonFolderOf(platform, gitFolder);
  return [usersFile(platform, folder, common), childOf(common, "info/exclude")]
    .filter((path) => path !== null);
}

function usersFile(platform: Platform, folder: string, common: string): string | null {
  const { HOME, XDG_CONFIG_HOME } = platform.env();
  let named: string | null = null;
  for (const path of [...gitConfigFiles(platform), childOf(common, "config")]) {
    named = readGitConfig(platform, path, "core", "excludesfile") ?? named;
  }
  if (named === "") return null;
  if (named !== null) return named.startsWith("/") ? named : childOf(folder, named);
  if (XDG_CONFIG_HOME) return childOf(XDG_CONFIG_HOME, "git/ignore");
  return HOME ? childOf(HOME, ".config/git/ignore") : null;
}
