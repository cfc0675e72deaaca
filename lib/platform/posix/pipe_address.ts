import { nodeFiles } from "../node/files.ts";
import { MAX_ADDRESS_BYTES } from "../pipes.ts";
import { PlatformError } from "../platform.ts";

/** Throws `PlatformError` where the path is too long to listen on. */
export function checkAddress(path: string): void {
  if (new TextEncoder().encode(path).length <= MAX_ADDRESS_BYTES) return;
  const what = `Cannot listen on "${path}": longer than ${MAX_ADDRESS_BYTES} bytes`;
  throw new PlatformError("ENAMETOOLONG", what, path);
}

/** Whether something is at the address: no other listener has the same one. */
export function isAt(path: string): boolean {
  try {
    return nodeFiles.lstat(path) !== null;
  } catch (error) {
    if (error instanceof PlatformError) return false; // Nobody gets there.
    throw error;
  }
}
