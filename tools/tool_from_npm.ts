import { findOnPath } from "./find_on_path.ts";

function cacheFolder(name: string): string {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "."}/.cache`;
  return `${base}/baton-tools/${name}`;
}

/**
 * The command `name` of a package that npm installs into the user's cache folder, unless it is there; null where npm
 * is not here, or cannot.
 */
export async function toolFromNpm(name: string, wanted: string): Promise<string | null> {
  const folder = cacheFolder(wanted);
  const installed = `${folder}/node_modules/.bin/${name}`;
  if (findOnPath(installed)) return installed;
  const npm = findOnPath("npm");
  if (!npm) return null;
  console.error(`Installing ${wanted} into ${folder}`);
  await Deno.mkdir(folder, { recursive: true });
  const { success } = await new Deno.Command(npm, {
    args: ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, wanted],
    stdout: "null",
  }).output();
  return success ? findOnPath(installed) : null;
}
