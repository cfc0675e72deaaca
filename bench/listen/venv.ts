/** The Python servers, installed on first use into a folder of this user's cache. */
import { ensureDirSync } from "@std/fs/ensure-dir";

const PACKAGES = ["uvicorn", "gunicorn", "flask"];

/** Where its programs are; null where they cannot be installed, which is said. */
export async function pythonServers(): Promise<string | null> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/baton/servers`;
  const marker = `${folder}/complete`;
  if (!await exists(marker)) {
    ensureDirSync(folder);
    const isInstalled = await runs("python3", "-m", "venv", folder) &&
      await runs(`${folder}/bin/pip`, "install", "--quiet", ...PACKAGES);
    if (!isInstalled) {
      console.error(`SKIPPED: ${PACKAGES.join(", ")} cannot be installed from PyPI here`);
      return null;
    }
    await Deno.writeTextFile(marker, "");
  }
  return `${folder}/bin`;
}

async function runs(program: string, ...args: string[]): Promise<boolean> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) console.error(new TextDecoder().decode(stderr));
  return success;
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}
