import type { SpawnRequest } from "../platform.ts";

/** Who sets a variable to a process id before there is a process: itself, as a shell that then becomes the program. */
const SHELL = "/bin/sh";
const SCRIPT = 'export LISTEN_PID=$$; exec "$0" "$@"';

/** A shell loses variables of other names. */
const SHELL_NAME = /^[A-Za-z_]\w*$/;

/**
 * The words that run `file`: with sockets by way of a shell, so that `LISTEN_PID` is the program's own pid, as
 * sd_listen_fds(3) demands. It costs about 1 ms, and the pid stays the same.
 */
export function wordsOf(
  file: string,
  { command, env, sockets = [] }: Pick<SpawnRequest, "command" | "env" | "sockets">,
): string[] {
  const words = [file, ...command.slice(1)];
  if (sockets.length === 0) return words;
  const lost = Object.entries(env).filter(([name]) => !SHELL_NAME.test(name))
    .map(([name, value]) => `${name}=${value}`);
  const program = lost.length === 0 ? words : ["/usr/bin/env", ...lost, ...words];
  return [SHELL, "-c", SCRIPT, ...program];
}
