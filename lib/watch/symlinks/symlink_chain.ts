import { resolve } from "@std/path";
import type { Platform } from "../../platform/platform.ts";
import { childOf, parentOf } from "../../paths/path.ts";
import { lstatOrNull, readLinkOrNull } from "../../paths/lookup.ts";

/** Linux follows no more links than that for one path. */
const MOST_LINKS = 40;

/**
 * The links on the way to where `path` really is (`real`), and the first thing on it that is not there:
 * where one of them is switched or made, `path` leads elsewhere.
 */
export function symlinkChain(platform: Platform, path: string, real: string | null): string[] {
  const hops: string[] = [];
  const names: string[] = [];
  let at = "/";
  const enter = (path: string) => {
    if (path.startsWith("/")) at = "/";
    names.push(...path.split("/").reverse());
  };
  if (path !== real) enter(path);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === "" || name === ".") continue;
    const next = name === ".." ? parentOf(at) : childOf(at, name);
    const kind = lstatOrNull(platform, next)?.kind;
    if (kind === undefined || kind === "symlink") hops.push(next);
    if (kind === undefined || hops.length > MOST_LINKS) break;
    if (kind === "symlink") enter(readLinkOrNull(platform, next) ?? ".");
    else at = next;
  }
  return hops;
}

/** The same for what a link leads to. */
export function targetChain(platform: Platform, link: string, real: string | null): string[] {
  const target = readLinkOrNull(platform, link);
  return target === null ? [] : symlinkChain(platform, resolve(parentOf(link), target), real);
}
