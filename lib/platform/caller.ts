import process from "node:process";
import { denoConnect } from "./deno/connect.ts";
import { nodeFiles } from "./node/files.ts";
import { user, workingDirectory } from "./node/self.ts";
import { writeAll } from "./node/write_all.ts";
import type { Platform } from "./platform.ts";

/** As much of the outside world as it takes to say something to a baton that runs. */
export interface Caller {
  readonly files: Pick<Platform["files"], "owner">;
  readonly pipes: Pick<Platform["pipes"], "connect">;
  readonly user: Platform["user"];
  readonly cwd: string;
  writeOut(text: string): void;
  /** Resolves when nothing more comes on standard input, which something else reads. */
  whenInputEnds(): Promise<void>;
  /** All of it, which takes longer to load. */
  platform(): Promise<Platform>;
}

/** The outside world of who calls, of which little is loaded. */
export function caller(): Caller {
  const platform = async () => (await import("./select.ts")).platform();
  return {
    files: nodeFiles,
    pipes: {
      connect: "Deno" in globalThis
        ? denoConnect
        : async (path, handler) => (await platform()).pipes.connect(path, handler),
    },
    user: user(),
    cwd: workingDirectory(),
    writeOut: (text) => writeAll(1, text),
    whenInputEnds: () => new Promise((resolve) => void process.stdin.once("end", resolve)),
    platform,
  };
}
