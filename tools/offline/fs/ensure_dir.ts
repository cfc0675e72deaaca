/** Stand-in for `@std/fs/ensure-dir` where JSR cannot be reached; same signature. */
export async function ensureDir(dir: string | URL): Promise<void> {
  await Deno.mkdir(dir, { recursive: true });
}
