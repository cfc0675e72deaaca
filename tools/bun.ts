/**
 * Finds Bun for the tests and for `compile:bun`: `BUN`, else `bun` on PATH, else the one that npm installs
 * into the user's cache folder. As a program it prints the path.
 */
import { findOnPath } from "./find_on_path.ts";

const PACKAGE = "bun@1";

function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "."}/.cache`;
  return `${base}/baton-tools/bun`;
}

/** The path of a Bun that can be run; null where there is none and npm cannot get one. */
export async function findBun(): Promise<string | null> {
  const there = Deno.env.get("BUN") || findOnPath("bun");
  if (there) return there;
  const folder = cacheFolder();
  const installed = `${folder}/node_modules/.bin/bun`;
  if (findOnPath(installed)) return installed;
  const npm = findOnPath("npm");
  if (!npm) return null;
  console.error(`Installing ${PACKAGE} into ${folder}`);
  await Deno.mkdir(folder, { recursive: true });
  const { success } = await new Deno.Command(npm, {
    args: ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE],
    stdout: "null",
  }).output();
  return success ? findOnPath(installed) : null;
}

if (import.meta.main) {
  const bun = await findBun();
  if (!bun) {
    console.error("Cannot find Bun, and npm to install it with: https://bun.sh tells how");
    Deno.exit(1);
  }
  console.log(bun);
}
