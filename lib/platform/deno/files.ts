import { openDenoLibc } from "./libc.ts";
import { directFiles } from "../linux/direct_files.ts";
import { nodeFiles } from "../node/files.ts";
import type { Entry, Files } from "../platform.ts";
import { systemError } from "../node/system_error.ts";
import { kindOf, looks } from "./looks.ts";

/**
 * Files on Deno: what a walk does thousands of times, and a start and a handoff dozens of times, by Deno's own
 * names, which are three to ten times as fast.
 */
export const denoFiles: Files = {
  ...nodeFiles,
  ...looks,
  direct: () => directFiles(denoFiles, openDenoLibc),
  realPath(path) {
    try {
      return Deno.realPathSync(path);
    } catch (error) {
      throw systemError(error, `resolve "${path}"`, path);
    }
  },
  readText(path) {
    try {
      return Deno.readTextFileSync(path);
    } catch (error) {
      throw systemError(error, `read "${path}"`, path);
    }
  },
  readDir(path) {
    try {
      return Array.from(Deno.readDirSync(path), entryOf);
    } catch (error) {
      throw systemError(error, `list "${path}"`, path);
    }
  },
};

function entryOf(entry: Deno.DirEntry): Entry {
  return { name: entry.name, kind: kindOf(entry) };
}
