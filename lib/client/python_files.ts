import { dirname, join } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import { explained } from "../state/explain.ts";
import { PYTHON_SOURCES } from "./python_sources.ts";

type Host = Pick<Platform, "files" | "user">;

const NEXT = 'Free the place, or choose another folder with "--state-dir"';

/**
 * Lays out the Python client in the folder that `keep` makes sure of, at each call: `import baton` finds it
 * where no other is installed. What is returned does so and gives the folder that is to be the first on `PYTHONPATH`; it reads the files
 * only the first time. Throws `BatonError`.
 */
export function pythonClient({ files, user }: Host, keep: () => string): () => string {
  // What root has started may go on as another user, who must be able to read it.
  const [folderMode, fileMode] = user?.uid === 0 ? [0o755, 0o644] : [0o700, 0o600];
  let current: string | null = null;
  return () =>
    explained("Cannot lay out the Python client", NEXT, () => {
      const folder: string = join(keep(), "python");
      if (folder !== current) current = null;
      for (const [name, source] of Object.entries(PYTHON_SOURCES)) {
        const path: string = join(folder, name);
        const isThere = files.stat(path) !== null;
        if (isThere && (current !== null || files.readText(path) === source)) continue;
        files.makeDir(dirname(path), folderMode);
        files.writeAtomically(path, source, { mode: fileMode });
      }
      current = folder;
      return join(folder, "inject");
    });
}
