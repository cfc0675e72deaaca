import { basename, relative, resolve } from "@std/path";
import { BatonError } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { ConfigFile } from "./config_text.ts";
import { type ProjectFile, type Reader, readProjectFile } from "./project_file.ts";

/** Where configuration is looked for, in this order, in the working directory. */
const NAMES = ["baton.json", "baton.jsonc", "deno.json", "deno.jsonc"];

/** The part of a `Platform` that configuration needs. */
export interface Host {
  readonly files: Reader & Pick<Platform["files"], "createExclusively">;
  readonly cwd: string;
}

/** Null where nothing is there, or a file that belongs to others has no configuration for baton. */
async function read({ files, cwd }: Host, path: string): Promise<ConfigFile | null> {
  const inside: string = relative(cwd, path);
  const name = inside.startsWith("..") ? path : inside;
  const prefix = /^deno\.jsonc?$/.test(basename(path)) ? ["baton"] : [];
  const file = readProjectFile(files, path);
  if (file === null || prefix.length > 0 && !mentions(file)) return null;
  if ("why" in file) throw unreadable(name, path, file.why);
  const { readConfig } = await import("./config_text.ts"); // Most projects have none.
  return await readConfig(name, file.text, prefix);
}

/** Whether a file of others may configure baton: then it is an error that it cannot be read. */
function mentions(file: ProjectFile): boolean {
  return "text" in file && /"baton"\s*:/.test(file.text);
}

function unreadable(name: string, where: string, why: string): BatonError {
  const next = "Let it be a file that this user can read, or name another with --config";
  return new BatonError({ what: `Cannot read configuration "${name}": ${why}`, where, next });
}

/** Every file here that configures baton, the one that counts first. */
export async function findConfigFiles(host: Host): Promise<ConfigFile[]> {
  const files = [];
  for (const name of NAMES) files.push(await read(host, resolve(host.cwd, name)));
  return files.filter((file) => file !== null);
}

/** Reads the file that was asked for; throws `BatonError` where it is not there or configures nothing. */
export async function readConfigFile(host: Host, path: string): Promise<ConfigFile> {
  const absolute = resolve(host.cwd, path);
  const found = readProjectFile(host.files, absolute);
  if (found === null || "why" in found) {
    throw new BatonError({
      what: `Cannot read configuration "${path}": ${found?.why ?? "no such file"}`,
      where: "command line, --config",
      next: 'Name a JSON file; "baton init" writes one',
    });
  }
  const file = await read(host, absolute);
  if (file) return file;
  throw new BatonError({
    what: `"${path}" has no key "baton"`,
    where: absolute,
    next: 'Add one: "baton": {"command": "…"}',
  });
}
