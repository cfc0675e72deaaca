import { spawnSync } from "node:child_process";
import type { Cancel } from "./platform.ts";

/** In the background `stty` would be stopped for touching the terminal, and rightly. */
const PATIENCE_MS = 500;

/** The modes of the terminal on standard input, through `stty`: no runtime reads them. */
export function keepModes(): Cancel {
  const found = stty("-g");
  return () => {
    if (found !== null && stty("-g") !== found) stty(found);
  };
}

/** What it prints; null where there is no terminal, or none any more. */
function stty(argument: string): string | null {
  const { status, stdout } = spawnSync("stty", [argument], {
    stdio: ["inherit", "pipe", "ignore"],
    encoding: "utf8",
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  return status === 0 ? stdout.trim() : null;
}
