import { watchedWithEnvFiles } from "../act/env_files.ts";
import type { Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import { withBeside } from "../state/also/inventory.ts";

/** What is watched: with the files that hold variables, and without what is taken along with the state. */
export function watchedSettings(platform: Platform, settings: Settings): Settings {
  const also = settings.also.flatMap((path) => withBeside(path.replace(/\/+$/, "")));
  return {
    ...settings,
    watch: watchedWithEnvFiles(platform, settings),
    ignore: [...settings.ignore, ...also.map((path) => `/${literally(path.replace(/^\.\//, ""))}`)],
  };
}

/** As a pattern of .gitignore that matches nothing else. */
function literally(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, "\\$&").replace(/ $/, "\\ ");
}
