/**
 * Bundles baton into few files, as an executable and the npm package carry it: its hundreds of modules would take
 * 30 ms at each start. What `cli.ts` imports only where it is needed is a file of its own, which `--version` does
 * not load. Minified, they are read in half the time; the stack in a report of a fault is read with the source map
 * that the same bundle has with `--sourcemap=external`.
 */
import { registryFlags } from "./registry_flags.ts";

/** Writes `cli.js` and its parts into `folder`; the paths of the parts, or null where Deno has said why not. */
export async function bundleParts(folder: string): Promise<readonly string[] | null> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", ...await registryFlags(), "--quiet", "--minify", "--code-splitting"],
      ...["--outdir", folder, "cli.ts"],
    ],
  }).spawn().status;
  if (!success) return null;
  return [...Deno.readDirSync(folder)]
    .filter(({ name }) => name.endsWith(".js") && name !== "cli.js")
    .map(({ name }) => `${folder}/${name}`);
}
