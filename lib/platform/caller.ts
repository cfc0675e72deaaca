import process from "node:process";
import { denoCaller } from "./deno/caller.ts";
import { user, workingDirectory } from "./node/self.ts";
import type { Owner } from "./files.ts";
import type { Clock, Platform } from "./platform.ts";

/** As much of the outside world as it takes to say something to a baton that runs. */
export interface Caller {
  readonly files: {
    /** Does not follow symbolic links; null where nothing is there. */
    owner(path: string): Pick<Owner, "kind" | "uid" | "mode"> | null;
  };
  readonly pipes: Pick<Platform["pipes"], "connect">;
  readonly clock: Pick<Clock, "now" | "wallNow">;
  readonly user: Platform["user"];
  readonly cwd: string;
  writeOut(text: string): void;
  /** Resolves when nothing more comes on standard input, which something else reads. */
  whenInputEnds(): Promise<void>;
  /** All of it, which takes longer to load. */
  platform(): Promise<Platform>;
}

/** The outside world of who calls, of which little is loaded. */
export async function caller(): Promise<Caller> {
  const platform = async () => (await (await import("./select.ts")).selectPlatform())();
  const { files, pipes, writeOut } = "Deno" in globalThis
    ? denoCaller
    : await wholeCaller(platform);
  return {
    ...{ files, pipes, writeOut, user: user(), cwd: workingDirectory(), platform },
    clock: { now: () => performance.now(), wallNow: () => Date.now() },
    whenInputEnds: () => new Promise((resolve) => void process.stdin.once("end", resolve)),
  };
}

async function wholeCaller(
  platform: () => Promise<Platform>,
): Promise<Pick<Caller, "files" | "pipes" | "writeOut">> {
  const { files, pipes, terminal: { writeOut } } = await platform();
  return { files, pipes, writeOut };
}
