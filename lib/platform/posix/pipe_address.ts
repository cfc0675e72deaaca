import { PlatformError } from "../platform.ts";

/** The longest address of a Unix domain socket that every system takes. */
const MAX_ADDRESS_BYTES = 103;

/** Throws `PlatformError` where the path is too long to listen on. */
export function checkAddress(path: string): void {
  if (new TextEncoder().encode(path).length <= MAX_ADDRESS_BYTES) return;
  const what = `Cannot listen on "${path}": longer than ${MAX_ADDRESS_BYTES} bytes`;
  throw new PlatformError("ENAMETOOLONG", what, path);
}
