import { nodeFiles } from "../node/files.ts";
import { MAX_ADDRESS_BYTES } from "../pipes.ts";
import { PlatformError } from "../platform.ts";

/** Throws `PlatformError` where the path is too long to listen on. */
export function checkAddress(path: string): void {
  if (new TextEncoder().encode(path).length <= MAX_ADDRESS_BYTES) return;
  const what = `Cannot listen on "${path}": longer than ${MAX_ADDRESS_BYTES} bytes`;
  throw new PlatformError("ENAMETOOLONG", what, path);
}

/** Removes the address of who listens no more; what cannot be removed leads to nobody. */
export function removeAddress(path: string): void {
  try {
    nodeFiles.remove(path);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error; // A disk that fails, or is read-only by now.
  }
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
