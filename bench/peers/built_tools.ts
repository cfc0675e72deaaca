/** Tools that are built from source on first use, and kept in this user's cache. */
import { findOnPath } from "../../tools/find_on_path.ts";
import { keptFolder, succeeds } from "../../tests/support/kept_folder.ts";

/** Without optimization: what is looked at is what they do, and not how fast. */
const QUICKLY = ["CARGO_PROFILE_RELEASE_LTO=off", "CARGO_PROFILE_RELEASE_OPT_LEVEL=0"];

/** The one on PATH, or what Go makes of a module; null where it cannot be had, which is said. */
export function goTool(name: string, module: string): Promise<string | null> {
  return builtTool(name, module, "Go's proxy", () => ["go", "install", module], "GOBIN");
}

/** The one on PATH, or what Cargo makes of a crate; null where it cannot be had, which is said. */
export function cargoTool(name: string, crate: string): Promise<string | null> {
  const install = (folder: string) => ["cargo", "install", "--locked", "--root", folder, crate];
  return builtTool(name, crate, "crates.io", install);
}

async function builtTool(
  name: string,
  from: string,
  registry: string,
  install: (folder: string) => readonly string[],
  place?: string,
): Promise<string | null> {
  const here = findOnPath(name);
  if (here !== null) return here;
  const folder = await keptFolder(name, [from], registry, (folder) => {
    const env = place === undefined ? QUICKLY : [`${place}=${folder}/bin`];
    return succeeds("env", [...env, ...install(folder)]);
  });
  return folder === null ? null : `${folder}/bin/${name}`;
}
