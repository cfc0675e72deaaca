import { type Entry, type Platform, PlatformError, type Stat } from "../platform/platform.ts";

const SMALL_BYTES = 64 * 1024;

/** What is at `path`, a link itself; null where nothing is, or nobody may look. */
export function lstatOrNull({ files }: Pick<Platform, "files">, path: string): Stat | null {
  return allowed(() => files.lstat(path)) ?? null;
}

/** What `path` leads to; null where that is nothing, or round in a circle, undefined where nobody may look. */
export function statOrNull(
  { files }: Pick<Platform, "files">,
  path: string,
): Stat | null | undefined {
  try {
    return files.stat(path);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return error.code === "ELOOP" ? null : undefined;
  }
}

/** Whether a file is what `path` leads to, as far as one may look: whoever names it may have made it up. */
export function isFileAt(platform: Pick<Platform, "files">, path: string): boolean {
  return statOrNull(platform, path)?.kind === "file";
}

/** Where `path` really is; null where nothing is, or nobody may look. */
export function realPathOrNull({ files }: Pick<Platform, "files">, path: string): string | null {
  return allowed(() => files.realPath(path)) ?? null;
}

/** What a link says; null where there is none, or nobody may look. */
export function readLinkOrNull({ files }: Pick<Platform, "files">, path: string): string | null {
  return allowed(() => files.readLink(path)) ?? null;
}

/** What is in a folder; nothing where there is no such folder, or nobody may look. */
export function entriesOrNone({ files }: Pick<Platform, "files">, path: string): Entry[] {
  return allowed(() => files.readDir(path)) ?? [];
}

/** What is in a file of the system's; nothing where there is no such file, or nobody may look. */
export function textOrEmpty({ files }: Pick<Platform, "files">, path: string): string {
  return allowed(() => files.readText(path)) ?? "";
}

/** What is in a file that a person wrote, or somebody who attacks; nothing, too, where it is no small file. */
export function smallTextOrEmpty({ files }: Pick<Platform, "files">, path: string): string {
  const options = { maxBytes: SMALL_BYTES, follow: true };
  return new TextDecoder().decode(allowed(() => files.readRegular(path, options)));
}

function allowed<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof PlatformError) return undefined;
    throw error;
  }
}
