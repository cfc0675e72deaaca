import { resolve } from "@std/path";
import type { Explanation } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import { lstatOrNull, realPathOrNull, statOrNull } from "../paths/lookup.ts";
import { below, isWithin, parentOf } from "../paths/path.ts";
import type { Settings } from "../settings.ts";
import { PseudoFolders } from "./index/pseudo_folders.ts";
import { expandBraces } from "./ignore/braces.ts";

/** One path that the user asked to watch. */
export interface Root {
  /** Absolute. */
  readonly path: string;
  /** What it was when baton started. */
  readonly kind: "file" | "folder" | "missing";
  /** Where it leads, if that is where the system shows what it does: only the link counts then. */
  readonly shown: string | null;
  /** Where globs were given: what they say of paths below it; null where all of them count. */
  readonly only: readonly string[] | null;
  /** The folders above it that are not above the working directory: others may be put in their place. */
  readonly above: readonly string[];
}

/** One of the paths or globs that were given: the folder above its first wildcard, and what is below. */
interface Asked {
  readonly path: string;
  readonly globs: readonly string[] | null;
}

const WILDCARD = /[*?[{]/;

/** Resolves what `-w` names, paths and globs, outer folders first. What is missing may come later. */
export function resolveRoots(
  platform: Platform,
  { cwd, watch }: Pick<Settings, "cwd" | "watch">,
): Root[] {
  const asked = watch.map((given) => splitGlob(platform, resolve(cwd, given)));
  const whole = asked.filter(({ globs }) => globs === null).map(({ path }) => path);
  const chosen = asked.filter(({ path, globs }) =>
    globs !== null && !whole.some((top) => isWithin(path, top))
  );
  const tops = chosen.map(({ path }) => path)
    .filter((path) => !chosen.some((other) => other.path !== path && isWithin(path, other.path)));
  const pseudo = new PseudoFolders(platform, [...whole, ...tops]);
  const rootAt = (path: string, only: Root["only"]) => lookAt(platform, pseudo, cwd, path, only);
  const roots = [
    ...[...new Set(whole)].map((path) => rootAt(path, null)),
    ...[...new Set(tops)].map((path) => rootAt(path, globsBelow(path, asked))),
  ];
  return roots.sort((a, b) =>
    a.kind === b.kind ? a.path.length - b.path.length : a.kind === "folder" ? -1 : 1
  );
}

/** What was asked for in a folder that is walked once for all of it; a whole folder is a glob that matches it. */
function globsBelow(top: string, asked: readonly Asked[]): string[] {
  return asked.filter(({ path }) => isWithin(path, top)).flatMap(({ path, globs }) => {
    const inside = path === top ? [] : [below(top, path).replace(/[*?[\\]/g, "\\$&")];
    return globs === null ? inside : globs.map((glob) => [...inside, glob].join("/"));
  });
}

/** What is to be said of roots that are missing, or lead where there are no files. */
export function notices(roots: readonly Root[]): Explanation[] {
  const next = 'Create it, or name another path with "-w"';
  const missing = roots.filter(({ kind }) => kind === "missing");
  const shown = roots.filter((root) => root.shown !== null);
  return [
    ...missing.map(({ path }) => ({
      what: `Waiting for "${path}": no such file or folder`,
      next,
    })),
    ...shown.map(({ path, shown }) => ({
      what:
        `Does not look into "${path}": it leads to "${shown}", where the system shows what it does`,
      next: `Name that itself, as in "-w ${shown}", if it is to be watched`,
    })),
  ];
}

function lookAt(
  platform: Platform,
  pseudo: PseudoFolders,
  cwd: string,
  path: string,
  only: Root["only"],
): Root {
  const stat = statOrNull(platform, path);
  const isLink = stat?.kind === "directory" && lstatOrNull(platform, path)?.kind === "symlink";
  const shown = isLink && pseudo.isShown(stat) ? realPathOrNull(platform, path) : null;
  const kind = stat === null
    ? "missing"
    : stat?.kind === "directory" && shown === null
    ? "folder"
    : "file";
  return { path, kind, shown, only, above: foldersBetween(cwd, path) };
}

/** What is there by the very name of a glob is no glob. */
function splitGlob(platform: Platform, path: string): Asked {
  if (!WILDCARD.test(path) || lstatOrNull(platform, path) !== null) return { path, globs: null };
  let folder = path;
  while (WILDCARD.test(folder)) folder = parentOf(folder);
  return { path: folder, globs: expandBraces(below(folder, path)) };
}

function foldersBetween(cwd: string, path: string): string[] {
  const folder = parentOf(path);
  return isWithin(cwd, folder) ? [] : [folder, ...foldersBetween(cwd, folder)];
}
