import { spawnSync } from "node:child_process";
import process from "node:process";
import type { Cancel } from "../platform.ts";

/** The modes of the terminal on standard input, through `stty`: no runtime reads them. */
export function keepModes(): Cancel {
  const found = stty("-g");
  return () => {
    if (found !== null && stty("-g") !== found && !isInBackground()) stty(found);
  };
}

/** What it prints; null where there is no terminal, or none any more. */
function stty(argument: string): string | null {
  return print("stty", argument);
}

/** Then the terminal is another's, and whoever sets its modes is stopped for it. */
function isInBackground(): boolean {
  const printed = print("ps", "-o", "pgid=,tpgid=", "-p", String(process.pid));
  const [group, foreground] = printed?.split(/\s+/) ?? [];
  return group !== foreground;
}

function print(command: string, ...args: string[]): string | null {
  const { status, stdout } = spawnSync(command, args, {
    stdio: ["inherit", "pipe", "ignore"],
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : null;
}
