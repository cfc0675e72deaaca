import type { Platform } from "../../platform/platform.ts";
import { smallTextOrEmpty, statOrNull } from "../../paths/lookup.ts";
import { childOf } from "../../paths/path.ts";

/** Where git keeps what it knows of the working tree in this folder; null where there is none. */
export function gitFolderIn(platform: Pick<Platform, "files">, folder: string): string | null {
  const git = childOf(folder, ".git");
  const kind = statOrNull(platform, git)?.kind;
  if (kind === "directory") return git;
  if (kind !== "file") return null;
  const pointer = smallTextOrEmpty(platform, git).match(/^gitdir: (.+)$/m)?.[1] ?? null;
  return pointer === null ? null : from(folder, pointer);
}

/** Where git keeps what all working trees of a repository share. */
export function commonFolderOf(platform: Pick<Platform, "files">, gitFolder: string): string {
  const pointer = smallTextOrEmpty(platform, childOf(gitFolder, "commondir")).trim();
  return pointer === "" ? gitFolder : from(gitFolder, pointer);
}

function from(folder: string, pointer: string): string {
  return pointer.startsWith("/") ? pointer : childOf(folder, pointer);
}
