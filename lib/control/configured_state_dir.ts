import { resolve } from "@std/path";
import { findConfigFiles } from "../configure/config_file.ts";
import type { Platform } from "../platform/platform.ts";

/** The state folder that a configuration in `folder` names; null where none does. Throws `BatonError`. */
export async function configuredStateDir(
  { files }: Platform,
  folder: string,
): Promise<string | null> {
  const [file] = await findConfigFiles({ files, cwd: folder });
  const named = file?.given.stateDir;
  return named === undefined ? null : resolve(folder, named);
}
