/** How much of a change a program is told, in bytes of UTF-8 with one newline a path. */
export const MAX_CHANGED_BYTES = 32_768;

/**
 * The first of these paths that fit, in their order. A checkout may touch more files than one line of the
 * protocol, or one environment variable, can hold.
 */
export function cutChanged(
  paths: readonly string[],
  maxBytes: number = MAX_CHANGED_BYTES,
): string[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  const tooMuch = paths.findIndex((path) => {
    bytes += encoder.encode(path).length + 1;
    return bytes > maxBytes;
  });
  return paths.slice(0, tooMuch === -1 ? paths.length : tooMuch);
}
