import { BATON } from "./baton.ts";

/** What a command that talks to a running baton printed, and how it ended. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs such a command in a folder, to its end. */
export async function say(cwd: string, ...args: readonly string[]): Promise<Said> {
  const [program, ...rest] = BATON;
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args: [...rest, ...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
