import { join } from "@std/path";
import { Tmpfs } from "../../support/tmpfs.ts";

/** Runs the test on a small file system of its own; says so where this user may not mount one. */
export function withTmpfs(
  root: string,
  size: string,
  test: (folder: string, remount: (mode: "ro" | "rw") => void) => void,
): void {
  const folder: string = join(root, "tmpfs");
  Deno.mkdirSync(folder);
  using tmpfs = Tmpfs.mount(folder, size);
  if (tmpfs !== null) test(folder, (mode) => tmpfs.remount(mode));
}
