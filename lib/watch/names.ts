import { relative } from "@std/path";

/** Paths as seen from the working directory, sorted. */
export function namesOf(cwd: string, paths: readonly string[]): string[] {
  return paths.map((path): string => relative(cwd, path) || ".").sort();
}
