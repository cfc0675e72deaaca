import { childOf, parentOf } from "../paths/path.ts";
import type { Caller } from "../platform/caller.ts";
import { DEFAULTS } from "../settings.ts";

/** The name of the socket in a state folder. */
export const SOCKET_NAME = "control";

/** Where configuration may say that the states are elsewhere. */
const CONFIG_FILES = ["baton.json", "baton.jsonc", "deno.json", "deno.jsonc"];

/** A folder and those above it, nearest first. */
export function foldersUpwards(folder: string): string[] {
  const above = parentOf(folder);
  return above === folder ? [folder] : [folder, ...foldersUpwards(above)];
}

/** Whether a configuration in the folder may name another state folder. */
export function hasConfiguration({ files }: Pick<Caller, "files">, folder: string): boolean {
  return CONFIG_FILES.some((name) => files.owner(childOf(folder, name)) !== null);
}

/**
 * The socket of the baton of this folder, or of the first above it that has one, where it is plain to see: in the
 * state folder, and nothing says that states are elsewhere. It costs a look at a few names, as `baton status` is to
 * start at once. Null where it takes more to know. Only a process of this user's can have made a socket in a
 * folder that is this user's alone.
 */
export function findSocket(caller: Caller, stateDir: string | null): string | null {
  const { cwd } = caller;
  if (stateDir !== null) return socketIn(caller, stateDir);
  for (const folder of foldersUpwards(cwd)) {
    const socket = socketIn(caller, childOf(folder, DEFAULTS.stateDir));
    if (socket !== null || hasConfiguration(caller, folder)) {
      return hasConfiguration(caller, folder) ? null : socket;
    }
  }
  return null;
}

function socketIn({ files, user }: Caller, dir: string): string | null {
  const socket = childOf(dir, SOCKET_NAME);
  const [folder, file] = [files.owner(dir), files.owner(socket)];
  const isOwn = folder?.kind === "directory" && file?.kind === "other" &&
    (user === null || folder.uid === user.uid && file.uid === user.uid);
  const isPrivate = isOwn && (folder.mode & 0o066) === 0;
  return isPrivate ? socket : null;
}
