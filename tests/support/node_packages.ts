/** Folders of packages from npm, made on first use and kept in this user's cache. */
import { ensureDirSync } from "@std/fs/ensure-dir";

/** A folder that has `node_modules` in it; null where it cannot be made, which is said. */
export async function nodePackages(
  name: string,
  packages: readonly string[],
): Promise<string | null> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/baton/${name}`;
  const marker = `${folder}/complete`;
  const wanted = packages.join("\n");
  if (await textOf(marker) === wanted) return folder;
  ensureDirSync(folder);
  await Deno.writeTextFile(`${folder}/package.json`, "{}");
  const { success, stderr } = await new Deno.Command("npm", {
    args: ["install", "--silent", "--no-audit", "--no-fund", ...packages],
    cwd: folder,
    stdin: "null",
  }).output();
  if (!success) {
    console.error(new TextDecoder().decode(stderr));
    console.error(`SKIPPED: ${packages.join(", ")} cannot be installed from npm here`);
    return null;
  }
  await Deno.writeTextFile(marker, wanted);
  return folder;
}

function textOf(path: string): Promise<string | null> {
  return Deno.readTextFile(path).catch(() => null);
}
