/** Folders of packages from npm, made on first use and kept in this user's cache. */
import { keptFolder, succeeds } from "./kept_folder.ts";

/** A folder that has `node_modules` in it; null where it cannot be made, which is said. */
export function nodePackages(
  name: string,
  packages: readonly string[],
): Promise<string | null> {
  return keptFolder(name, packages, "npm", async (folder) => {
    await Deno.writeTextFile(`${folder}/package.json`, "{}");
    const options = ["--silent", "--no-audit", "--no-fund"];
    return await succeeds("npm", ["install", ...options, ...packages], folder);
  });
}

/** ES modules, which Deno and Bun link ahead; null where they cannot be had, which is said. */
export function modulePackages(): Promise<string | null> {
  return nodePackages("module-packages", ["hono@4", "zod@3", "effect@3"]);
}

/** Those of the programs that tests and benchmarks park; null where they cannot be had, which is said. */
export function nodeFrameworks(): Promise<string | null> {
  return nodePackages("node-frameworks", [
    "express@4",
    "express-async-errors@3",
    "lodash@4",
    "axios@1",
    "zod@3",
    "dotenv@16",
    "cross-env@7",
  ]);
}
