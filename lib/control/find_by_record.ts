import { join, resolve } from "@std/path";
import { BatonError } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import { DEFAULTS } from "../settings.ts";
import { findFolder } from "../state/folder.ts";
import { holderOf } from "../state/lock.ts";
import type { RunRecord } from "../state/record.ts";
import { CONTROL_PROTOCOL, ofAnother } from "./protocol.ts";
import { foldersUpwards, hasConfiguration } from "./find.ts";

/** A baton that takes commands, one that does not yet, or none; `error` says so to who does not wait for it. */
export type Found =
  | { readonly address: string }
  | { readonly startedAt: number; readonly error: BatonError }
  | { readonly startedAt: null; readonly error: BatonError };

/**
 * The baton whose states are in `stateDir`; without one, that of the working directory or the first folder above it
 * that has one. It is what those say that batons have written down and sealed, wherever they keep it. Throws
 * `BatonError` where there are several, or one that does not understand this one.
 */
export async function findByRecord(platform: Platform, stateDir: string | null): Promise<Found> {
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
  return { startedAt: null, error: none(cwd, stateDir) };
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

function understood({ pid, control, command, startedAt }: RunRecord): Found {
  if (control?.protocol === CONTROL_PROTOCOL) return { address: control.address };
  const where = command.join(" ");
  if (control !== undefined) {
    throw new BatonError({ ...ofAnother(pid, control.version), where });
  }
  const error = new BatonError({
    what: `The baton of process ${pid} takes no commands as yet`,
    where,
    next: "Try again; what keeps it from that it says where it runs",
  });
  return { startedAt, error };
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
