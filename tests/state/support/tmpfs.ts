import { join } from "@std/path";

function run(command: string, ...args: string[]): string | null {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  return success ? null : new TextDecoder().decode(stderr).trim();
}

function runOrThrow(command: string, ...args: string[]): void {
  const refusal = run(command, ...args);
  if (refusal !== null) throw new Error(refusal);
}

/** Runs the test on a small file system of its own; says so where this user may not mount one. */
export function withTmpfs(
  root: string,
  size: string,
  test: (folder: string, remount: (mode: "ro" | "rw") => void) => void,
): void {
  const folder: string = join(root, "tmpfs");
  Deno.mkdirSync(folder);
  const refusal = run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
  if (refusal !== null) {
    console.warn(`NOT TESTED here, as no tmpfs can be mounted: ${refusal}`);
    return;
  }
  try {
    test(folder, (mode) => runOrThrow("mount", "-o", `remount,${mode}`, folder));
  } finally {
    runOrThrow("umount", folder);
  }
}
