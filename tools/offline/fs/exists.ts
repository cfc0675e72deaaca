/** Stand-in for `@std/fs/exists`, without its options. */
export function existsSync(path: string | URL): boolean {
  try {
    return Deno.statSync(path) !== null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.PermissionDenied) return true;
    throw error;
  }
}
