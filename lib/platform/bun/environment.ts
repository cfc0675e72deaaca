import { readFileSync } from "node:fs";
import process from "node:process";

/**
 * The environment that baton was started with. Bun adds what `.env` files of the working directory say to its own: the
 * program would get that from then on, whatever they say later.
 */
export function startEnvironment(): Record<string, string> {
  try {
    const pairs = readFileSync("/proc/self/environ", "utf8").split("\0").filter((pair) =>
      pair !== ""
    );
    return Object.fromEntries(
      pairs.map((pair) => [nameIn(pair), pair.slice(nameIn(pair).length + 1)]),
    );
  } catch {
    return { ...process.env } as Record<string, string>; // Another system, or no `/proc`.
  }
}

function nameIn(pair: string): string {
  const end = pair.indexOf("=", 1);
  return end === -1 ? pair : pair.slice(0, end);
}
