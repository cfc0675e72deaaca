/** Which test files run one after the other in one process of `deno test`. */

/** A folder with more files than this is run in several batches. */
const MOST = 16;

/**
 * Splits test files into batches, the largest first, so that the last one to end is a short one. Files
 * of one folder stay together, as they may share what they make (`dist/`, an environment of Python).
 */
export function testBatches(files: readonly string[]): string[][] {
  const folders = Map.groupBy(
    files.toSorted(),
    (file) => file.split("/").slice(0, -1).slice(0, 2).join("/"),
  );
  return [...folders.values()].flatMap(inBatches).toSorted((a, b) => b.length - a.length);
}

function inBatches(files: readonly string[]): string[][] {
  const batches = Math.ceil(files.length / MOST);
  const size = Math.ceil(files.length / batches);
  return Array.from({ length: batches }, (_, at) => files.slice(at * size, (at + 1) * size));
}
