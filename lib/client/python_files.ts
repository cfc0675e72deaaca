import { dirname, join } from "@std/path";
import type { Files } from "../platform/platform.ts";
import { explained } from "../state/fault.ts";
import { PYTHON_SOURCES } from "./python_sources.ts";

const NEXT = 'Free the place, or choose another folder with "--state-dir"';

/**
 * Lays out the Python client in a folder, once: `import baton` finds it where no other is installed.
 * Returns the folder that is to be the first on `PYTHONPATH`. Throws `BatonError`.
 */
export function installPythonClient(files: Files, folder: string): string {
  return explained("Cannot lay out the Python client", NEXT, () => {
    for (const [name, source] of Object.entries(PYTHON_SOURCES)) {
      const path: string = join(folder, name);
      if (files.stat(path) !== null && files.readText(path) === source) continue;
      files.makeDir(dirname(path), 0o700);
      files.writeAtomically(path, source, { mode: 0o600 });
    }
    return join(folder, "inject");
  });
}
