import type {
  ExitStatus,
  Platform,
  Spawned,
  SpawnRequest,
} from "../../../lib/platform/platform.ts";

export interface Run {
  readonly process: Spawned;
  readonly exit: Promise<ExitStatus>;
  /** What came on its standard error so far. */
  readonly stderr: () => string;
}

/** Starts a program with its standard error in a pipe. */
export function run(
  platform: Platform,
  command: readonly string[],
  request: Partial<SpawnRequest> = {},
): Run {
  let stderr = "";
  let isSpawned = false;
  const decoder = new TextDecoder();
  const { promise: exit, resolve, reject } = Promise.withResolvers<ExitStatus>();
  const process = platform.processes.spawn({
    command,
    cwd: platform.cwd,
    env: platform.env(),
    stdin: "null",
    stderr: "pipe",
    onStderr: (chunk) => stderr += decoder.decode(chunk, { stream: true }),
    onExit: (status) =>
      isSpawned ? resolve(status) : reject(new Error("Exit before spawn returned")),
    ...request,
  });
  isSpawned = true;
  return { process, exit, stderr: () => stderr };
}

/** A shell script as a command. */
export const sh = (script: string): string[] => ["sh", "-c", script];
