import { join } from "@std/path";
import { textOrEmpty } from "../paths/lookup.ts";
import { parentOf } from "../paths/path.ts";
import type { Platform } from "../platform/platform.ts";

type Host = Pick<Platform, "files">;
type Environment = Readonly<Record<string, string>>;

/** Machines whose programs run here: cargo asks for the one that it builds for. */
const MACHINES = ["X86_64", "AARCH64"].flatMap((processor) =>
  ["GNU", "MUSL"].map((library) => `${processor}_UNKNOWN_LINUX_${library}`)
);

/** The variables by which `cargo run` runs what it has built through something else. */
export const RUNNER_VARIABLES: readonly string[] = MACHINES.map((machine) =>
  `CARGO_TARGET_${machine}_RUNNER`
);

/**
 * What has `cargo run` run it through a gate, in a folder. Null where a runner is set already, or named in a
 * configuration file of cargo's: the variable would take its place.
 */
export function cargoRunner(
  host: Host,
  env: Environment,
  folder: string,
  gate: string,
): Record<string, string> | null {
  const isSet = Object.keys(env).some((name) => /^CARGO_TARGET_\w+_RUNNER$/.test(name));
  const isNamed = configurationFiles(env, folder)
    .some((path) => /\brunner\b/.test(textOrEmpty(host, path)));
  if (isSet || isNamed) return null;
  return Object.fromEntries(RUNNER_VARIABLES.map((name) => [name, gate]));
}

/** In the folder, in those above it, and the user's own. */
function configurationFiles(env: Environment, folder: string): string[] {
  const folders = [folder];
  while (folders.at(-1) !== "/") folders.push(parentOf(folders.at(-1)!));
  const own = env.CARGO_HOME || join(env.HOME ?? "/", ".cargo");
  return [...folders.map((above) => join(above, ".cargo")), own]
    .flatMap((path) => [join(path, "config.toml"), join(path, "config")]);
}
