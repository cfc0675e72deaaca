/** `InvalidData`: another test's may run in a folder whose name is no text. */
const NOT_OURS = [Deno.errors.NotFound, Deno.errors.PermissionDenied, Deno.errors.InvalidData];

/** Kills whatever runs in a folder: a baton that a test has killed cannot (Linux; elsewhere nobody tells). */
export function killProcessesIn(dir: string): void {
  if (Deno.build.os !== "linux") return;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (/^\d+$/.test(name) && `${folderOf(name)}/`.startsWith(`${dir}/`)) kill(Number(name));
  }
}

function folderOf(pid: string): string {
  return orElse("", () => Deno.readLinkSync(`/proc/${pid}/cwd`));
}

function kill(pid: number): void {
  orElse(undefined, () => Deno.kill(pid, "SIGKILL"));
}

/** Processes end while they are looked at; others are another user's. */
function orElse<T>(nothing: T, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (NOT_OURS.some((kind) => error instanceof kind)) return nothing;
    throw error;
  }
}
