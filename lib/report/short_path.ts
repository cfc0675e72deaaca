import { isAbsolute, relative } from "@std/path";

/** Relative to the working directory where it is in there. */
export function shortPath(path: string, cwd: string): string {
  const short: string = relative(cwd, path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
