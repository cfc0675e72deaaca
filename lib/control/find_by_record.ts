import { join, resolve } from "@std/path";
import { BatonError } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import { DEFAULTS } from "../settings.ts";
import { findFolder } from "../state/folder.ts";
import { holderOf } from "../state/lock.ts";
import type { RunRecord } from "../state/record.ts";
import { VERSION } from "../version.ts";
import { CONTROL_PROTOCOL } from "./protocol.ts";
import { foldersUpwards, hasConfiguration } from "./find.ts";

/**
 * Where the baton takes commands whose states are in `stateDir`; without one, that of the working directory or the
 * first folder above it that has one. It is what those say that batons have written down and sealed, wherever they
 * keep it. Throws `BatonError` where there is none, several, or one that does not understand this one.
 */
export async function findByRecord(platform: Platform, stateDir: string | null): Promise<string> {
  const { cwd } = platform;
  const folders = stateDir === null ? foldersUpwards(cwd) : [cwd];
  for (const folder of folders) {
    const dirs = stateDir === null
      ? await stateFoldersOf(platform, folder)
      : [resolve(cwd, stateDir)];
    const holders = dirs.flatMap((dir) => {
      const holder = runningIn(platform, dir);
      return holder === null ? [] : [{ dir, holder }];
    });
    if (holders.length > 1) throw several(holders);
    if (holders.length === 1) return understood(holders[0]!.holder);
  }
  throw none(cwd, stateDir);
}

/** The default one, and the one that a configuration names, which is only read where it names one. */
async function stateFoldersOf(platform: Platform, folder: string): Promise<string[]> {
  const byDefault: string = join(folder, DEFAULTS.stateDir);
  if (!hasConfiguration(platform, folder)) return [byDefault];
  const { configuredStateDir } = await import("./configured_state_dir.ts");
  const configured = await configuredStateDir(platform, folder);
  return configured === null ? [byDefault] : [...new Set([byDefault, configured])];
}

function runningIn(platform: Platform, dir: string): RunRecord | null {
  const folder = findFolder(platform, dir);
  return folder === null ? null : holderOf(platform, folder);
}

function understood({ pid, control, command }: RunRecord): string {
  if (control !== undefined && control.protocol === CONTROL_PROTOCOL) return control.address;
  const which = control === undefined
    ? `The baton of process ${pid} takes no commands: it is of another version, or has just started`
    : `The baton of process ${pid} is version ${control.version}, and this is ${VERSION}`;
  throw new BatonError({
    what: which,
    where: command.join(" "),
    next: `Try again, use the baton that it was started with, or stop it ("kill ${pid}")`,
  });
}

function several(found: readonly { dir: string; holder: RunRecord }[]): BatonError {
  const each = found.map(({ dir, holder: { pid, command } }) =>
    `process ${pid} runs "${command.join(" ")}" with its states in "${dir}"`
  );
  return new BatonError({
    what: `More than one baton runs here: ${each.join("; ")}`,
    next: `Say which, as in "--state-dir ${found[0]!.dir}"`,
  });
}

function none(cwd: string, stateDir: string | null): BatonError {
  const start = 'Start one, as in "baton -- python app.py"';
  return stateDir === null
    ? new BatonError({
      what: `No baton runs in "${cwd}", nor in a folder above it`,
      next: `${start}; name the states of one that keeps them elsewhere with "--state-dir"`,
    })
    : new BatonError({
      what: `No baton runs that keeps its states in "${stateDir}"`,
      where: '"--state-dir"',
      next: `${start}, with the same "--state-dir"`,
    });
}
