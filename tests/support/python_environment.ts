/** Virtual environments of Python, made on first use and kept in this user's cache. */
import { ensureDirSync } from "@std/fs/ensure-dir";

/** The folder of its programs; null where it cannot be made, which is said. */
export async function pythonEnvironment(
  name: string,
  packages: readonly string[],
): Promise<string | null> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/baton/${name}`;
  const marker = `${folder}/complete`;
  const wanted = packages.join("\n");
  if (await textOf(marker) !== wanted) {
    ensureDirSync(folder);
    const isInstalled = await runs("python3", "-m", "venv", folder) &&
      await runs(`${folder}/bin/pip`, "install", "--quiet", ...packages);
    if (!isInstalled) {
      console.error(`SKIPPED: ${packages.join(", ")} cannot be installed from PyPI here`);
      return null;
    }
    await Deno.writeTextFile(marker, wanted);
  }
  return `${folder}/bin`;
}

async function runs(program: string, ...args: string[]): Promise<boolean> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) console.error(new TextDecoder().decode(stderr));
  return success;
}

function textOf(path: string): Promise<string | null> {
  return Deno.readTextFile(path).catch(() => null);
}
