import { type ChildProcess, spawn } from "node:child_process";
import { killedBy } from "./exit_status.ts";
import { exitOnce } from "./exit_once.ts";
import { nodeFiles } from "./files.ts";
import { findCommand } from "./find_command.ts";
import { PlatformError, type Spawned, type SpawnRequest } from "../platform.ts";
import { wordsOf } from "../posix/socket_activation.ts";
import { systemError } from "./system_error.ts";

/** Spawns through `node:child_process`. */
export function spawnNode(request: SpawnRequest): Spawned {
  const file = findCommand(nodeFiles, request.command[0]!, request.cwd, request.env);
  const child = start(file, request);
  const exit = exitOnce(request.onExit);
  if (child.stderr === null) exit.drained();
  else {
    child.stderr.on("data", (chunk: Uint8Array) => request.onStderr?.(chunk));
    child.stderr.once("close", exit.drained);
  }
  child.once("exit", (code, signal) => {
    exit.ended(signal === null ? { kind: "exited", code: code ?? 0 } : killedBy(signal));
  });
  return { pid: child.pid as number };
}

function start(file: string, request: SpawnRequest): ChildProcess {
  const { cwd, env, stdin, stderr, sockets = [] } = request;
  const [program, ...args] = wordsOf(file, request);
  try {
    const child = spawn(program!, args, {
      cwd,
      env,
      detached: true,
      stdio: [stdin === "null" ? "ignore" : "inherit", "inherit", stderr, ...sockets],
    });
    if (child.pid !== undefined) return child;
    child.once("error", () => {}); // the reason comes on a later turn, too late for the caller
  } catch (error) {
    throw systemError(error, `run "${file}"`, file);
  }
  throw new PlatformError("UNKNOWN", `Cannot run "${file}": the system did not start it`, file);
}
