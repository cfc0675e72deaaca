function isExecutable(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch (error) {
    const absent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.PermissionDenied;
    if (absent) return false;
    throw error;
  }
}

/** The path of a program that can be run, looked up on PATH unless the name has a folder; else null. */
export function findOnPath(name: string): string | null {
  if (name.includes("/")) return isExecutable(name) ? name : null;
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const folders = (Deno.env.get("PATH") ?? "").split(separator).filter((folder) => folder !== "");
  return folders.map((folder) => `${folder}/${name}`).find(isExecutable) ?? null;
}
