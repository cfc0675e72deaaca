import { resolve } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import { childOf, parentOf } from "./location.ts";
import { look, readLink } from "./look.ts";

/** Linux follows no more links than that for one path. */
const MOST_LINKS = 40;

/**
 * The links on the way to where `path` really is (`real`), and the first thing on it that is not there:
 * where one of them is switched or made, `path` leads elsewhere.
 */
export function linksOnTheWay(platform: Platform, path: string, real: string | null): string[] {
  const way: string[] = [];
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
    const kind = look(platform, next)?.kind;
    if (kind === undefined || kind === "symlink") way.push(next);
    if (kind === undefined || way.length > MOST_LINKS) break;
    if (kind === "symlink") enter(readLink(platform, next) ?? ".");
    else at = next;
  }
  return way;
}

/** The same for what a link leads to. */
export function linksBehind(platform: Platform, link: string, real: string | null): string[] {
  const target = readLink(platform, link);
  return target === null ? [] : linksOnTheWay(platform, resolve(parentOf(link), target), real);
}
