import { spawn } from "node:child_process";
import process from "node:process";
import { nodeFiles } from "./files.ts";
import { findCommand } from "./find_command.ts";
import { type Output, PlatformError } from "../platform.ts";
import { systemError } from "./system_error.ts";

/** Runs a command, which is in `own` until then, to its end through `node:child_process`, which both runtimes have. */
export async function outputOf(
  command: readonly string[],
  { timeoutMs }: { timeoutMs: number },
  own: Set<number>,
): Promise<Output> {
  const [name, ...args] = command;
  const env = { ...process.env } as Record<string, string>;
  const file = findCommand(nodeFiles, name!, process.cwd(), env);
  let stdout = "";
  const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const { pid } = child;
  if (pid !== undefined) {
    own.add(pid);
    child.once("exit", () => own.delete(pid));
  }
  const late = new PlatformError("ETIMEDOUT", `Cannot wait for "${name}": over ${timeoutMs} ms`);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(() => {
    child.once("exit", () => {
      child.stdout.destroy(); // whatever it started may keep it open
      reject(late);
    });
    child.kill("SIGKILL");
  }, timeoutMs);
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text);
  child.once("error", (error) => reject(systemError(error, `run "${file}"`, file)));
  child.once("close", (code) => resolve(code ?? 1));
  try {
    return { code: await promise, stdout };
  } finally {
    clearTimeout(timer);
  }
}
