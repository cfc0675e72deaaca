import { ensureDirSync } from "@std/fs/ensure-dir";

/**
 * A folder in this user's cache that was made for these packages: `make` fills it, and says whether it could. Null where
 * it could not, which is said.
 */
export async function keptFolder(
  name: string,
  packages: readonly string[],
  from: string,
  make: (folder: string) => Promise<boolean>,
): Promise<string | null> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/baton/${name}`;
  const marker = `${folder}/complete`;
  const wanted = packages.join("\n");
  if (await textOf(marker) === wanted) return folder;
  ensureDirSync(folder);
  if (!await make(folder)) {
    console.error(`SKIPPED: ${packages.join(", ")} cannot be installed from ${from} here`);
    return null;
  }
  await Deno.writeTextFile(marker, wanted);
  return folder;
}

/** Whether a program succeeds; what it says of why not is passed on. */
export async function succeeds(
  program: string,
  args: readonly string[],
  cwd?: string,
): Promise<boolean> {
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    ...cwd === undefined ? {} : { cwd },
  }).output();
  if (!success) console.error(new TextDecoder().decode(stderr));
  return success;
}

function textOf(path: string): Promise<string | null> {
  return Deno.readTextFile(path).catch(() => null);
}
