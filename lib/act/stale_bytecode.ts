/**
 * Python runs a module's bytecode in place of its source where the source has the same size and, in whole
 * seconds, the same modification time as when it was compiled. A second save of the same size within a second,
 * or one that restores an older time, would never run: what Python would trust so is removed before it starts.
 */
import { isAbsolute, join, resolve } from "@std/path";
import { BatonError, messageOf } from "../errors.ts";
import { entriesOrNone, realPathOrNull } from "../paths/lookup.ts";
import { isWithin } from "../paths/path.ts";
import type { Files, Owner } from "../platform/files.ts";
import type { Platform, PlatformError } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";

/** `cpython-312.pyc`, `cpython-312.opt-2.pyc`, `pypy39.pyc`, `cpython-312-pytest-8.3.4.pyc`. */
const TAG = /^[a-z]+-?\d[\w.-]*\.py[co]$/i;
/** Of a source without an extension, or with nothing before it, the tag comes right after its name. */
const JOINED = /^(.+?)((?:cpython|pypy|graalpy)-?\d[\w.-]*\.py[co])$/i;
const HEADER_BYTES = 16;
const MAX_BYTES = 256 * 1_024 * 1_024;

export interface PythonSurroundings extends Pick<Settings, "cwd" | "command"> {
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Removes the bytecode of these sources (relative to the working directory) that Python would run in their
 * place, whatever is in them now. Only what is recognised as such, and is this user's own, is removed: Python
 * makes it again. Throws `BatonError` at the end where some had to be left.
 */
export function removeStaleBytecode(
  platform: Pick<Platform, "files" | "user">,
  surroundings: PythonSurroundings,
  sources: readonly string[],
): void {
  const { files } = platform;
  const { cwd } = surroundings;
  const prefixes = prefixesOf(surroundings);
  const left: string[] = [];
  for (const [folder, byStem] of inFolders(cwd, sources)) {
    for (const cache of cachesOf(files, folder, prefixes)) {
      const isElsewhere = leadsOut(files, cache, cwd);
      for (const { name, kind } of entriesOrNone({ files }, cache)) {
        const source = kind === "file" ? sourceOf(name, byStem) : undefined;
        if (source === undefined) continue;
        const path = join(cache, name);
        const why = removeIfTrusted(platform, path, source, isElsewhere);
        if (why !== null) left.push(`"${path}" in place of "${source}": ${why}`);
      }
    }
  }
  if (left.length === 0) return;
  const more = left.length > 1 ? ` and ${left.length - 1} more` : "";
  throw new BatonError({
    what: `Python may run old bytecode, ${left[0]}${more}`,
    next: "Remove it, or set PYTHONDONTWRITEBYTECODE=1",
  });
}

/** Absolute paths by folder, and there by what Python puts before the tag: mostly the name without its extension. */
function inFolders(cwd: string, paths: readonly string[]): Map<string, Map<string, string>> {
  const folders = new Map<string, Map<string, string>>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const slash = absolute.lastIndexOf("/");
    const folder = absolute.slice(0, slash);
    const byStem = folders.get(folder) ?? new Map<string, string>();
    folders.set(folder, byStem.set(stemOf(absolute.slice(slash + 1)), absolute));
  }
  return folders;
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name.slice(dot + 1);
}

/** Folders that hold bytecode instead of `__pycache__`, as far as can be seen from outside. */
function prefixesOf({ cwd, command, env }: PythonSurroundings): string[] {
  const option = command.map((word, index) => word === "-X" ? `-X${command[index + 1]}` : word)
    .map((word) => /^-Xpycache_prefix=(.+)$/s.exec(word)?.[1]);
  return [env.PYTHONPYCACHEPREFIX, ...option]
    .filter((prefix) => prefix !== undefined && prefix !== "")
    .map((prefix) => isAbsolute(prefix!) ? prefix! : join(cwd, prefix!));
}

function cachesOf(files: Files, folder: string, prefixes: readonly string[]): string[] {
  const beside = join(folder, "__pycache__");
  const caches = [beside];
  const real = prefixes.length === 0 ? null : realPathOrNull({ files }, folder);
  if (real === null) return caches;
  const names = new Set([folder, real]);
  return [...caches, ...prefixes.flatMap((prefix) => [...names].map((name) => join(prefix, name)))];
}

/** Whether what a project may have brought is a link to where baton removes nothing. */
function leadsOut(files: Files, cache: string, cwd: string): boolean {
  const real = files.owner(cache)?.kind === "symlink" ? realPathOrNull({ files }, cache) : null;
  return real !== null && !isWithin(real, files.realPath(cwd));
}

function sourceOf(name: string, byStem: ReadonlyMap<string, string>): string | undefined {
  for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
    const source = byStem.get(name.slice(0, dot));
    if (source !== undefined && TAG.test(name.slice(dot + 1))) return source;
  }
  const stem = JOINED.exec(name)?.[1];
  return stem === undefined ? undefined : byStem.get(stem);
}

/** Why it had to be left; null where it is removed or Python would not trust it. */
function removeIfTrusted(
  { files, user }: Pick<Platform, "files" | "user">,
  path: string,
  source: string,
  isElsewhere: boolean,
): string | null {
  try {
    const owner: Owner | null = files.owner(path);
    const stat = files.stat(source);
    if (owner?.kind !== "file" || stat?.kind !== "file") return null;
    const header = files.readRegular(path, { maxBytes: MAX_BYTES, follow: false });
    if (!isOf(header, stat.mtimeMs, stat.sizeBytes)) return null;
    if (user !== null && owner.uid !== user.uid) return `it belongs to user ${owner.uid}`;
    if (isElsewhere) return "a link leads to it, out of the project";
    files.remove(path);
    return null;
  } catch (error) {
    return (error as PlatformError).code === "ENOENT" ? null : messageOf(error);
  }
}

/** Whether bytecode is checked by time and size, and was compiled from a source with these. */
function isOf(bytes: Uint8Array, mtimeMs: number, sizeBytes: number): boolean {
  if (bytes.length < HEADER_BYTES || bytes[2] !== 0x0d || bytes[3] !== 0x0a) return false;
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const [flags, seconds, size] = [4, 8, 12].map((offset) => header.getUint32(offset, true));
  // Python rounds the nanoseconds, and may so get into the next second.
  const rounded = [mtimeMs, mtimeMs + 1].map((ms) => Math.floor(ms / 1_000) >>> 0);
  return flags === 0 && rounded.includes(seconds!) && size === sizeBytes >>> 0;
}
