import { childOf } from "../paths/path.ts";
import { statOrNull } from "../paths/lookup.ts";
import type { Platform } from "../platform/platform.ts";

/** The file that a command names: by itself where it has a slash, else on `path`; the name where none is there. */
export function onPath(host: Pick<Platform, "files">, name: string, path: string): string {
  if (name.includes("/")) return name;
  const found = path.split(":").map((folder) => childOf(folder, name))
    .find((file) => statOrNull(host, file)?.kind === "file");
  return found ?? name;
}
