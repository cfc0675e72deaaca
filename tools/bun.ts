/**
 * Finds Bun for the tests and for `compile:bun`: `BUN`, else `bun` on PATH, else the one that npm installs
 * into the user's cache folder. As a program it prints the path.
 */
import { findOnPath } from "./find_on_path.ts";
import { toolFromNpm } from "./tool_from_npm.ts";

/** The path of a Bun that can be run; null where there is none and npm cannot get one. */
export async function findBun(): Promise<string | null> {
  return Deno.env.get("BUN") || findOnPath("bun") || await toolFromNpm("bun", "bun@1");
}

if (import.meta.main) {
  const bun = await findBun();
  if (!bun) {
    console.error("Cannot find Bun, and npm to install it with: https://bun.sh tells how");
    Deno.exit(1);
  }
  console.log(bun);
}
