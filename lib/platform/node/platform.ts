import { randomUUID } from "node:crypto";
import process from "node:process";
import { once } from "../../once.ts";
import { type FifoCalls, fifos } from "../posix/fifo.ts";
import { decompress } from "./decompress.ts";
import { digest, hmac, sha256 } from "./digests.ts";
import { nodeTerminal } from "./terminal.ts";
import type { TerminalCalls } from "../posix/terminal_control.ts";
import type { OrphanCalls } from "../linux/orphans.ts";
import type { Platform } from "../platform.ts";
import { probes } from "./probes.ts";
import { processes } from "./processes.ts";
import { user, workingDirectory } from "./self.ts";
import { systemClock } from "./system_clock.ts";

/** Where the runtimes differ. */
export type RuntimeParts =
  & Pick<Platform, "name" | "files" | "events" | "pipes" | "sockets" | "tcp" | "args">
  & {
    readonly spawn: Platform["processes"]["spawn"];
    /** The environment that baton was started with: it is asked for once. */
    readonly env: Platform["env"];
    /** Functions of the C library, for a while; null where they cannot be called. */
    readonly openCalls: () => {
      readonly calls: OrphanCalls & TerminalCalls & FifoCalls;
      close(): void;
    } | null;
  };

/** What both runtimes do alike, through `node:` built-ins, completed by what each does its own way. */
export function nodePlatform({ spawn, openCalls, env, ...own }: RuntimeParts): Platform {
  return {
    ...own,
    os: systemName(),
    clock: systemClock,
    processes: processes(spawn, own.files, openCalls),
    makeFifo: fifos(openCalls),
    probes,
    terminal: nodeTerminal(openCalls),
    cwd: workingDirectory(),
    env: once(env),
    onSignal(signal, run) {
      process.on(signal, run);
      return () => void process.off(signal, run);
    },
    onFault(run) {
      process.on("uncaughtException", run).on("unhandledRejection", run);
      return () => void process.off("uncaughtException", run).off("unhandledRejection", run);
    },
    user: user(),
    sha256,
    hmac,
    digest,
    decompress,
    randomId: randomUUID,
  };
}

function systemName(): Platform["os"] {
  if (process.platform === "darwin") return "darwin";
  return process.platform === "win32" ? "windows" : "linux";
}
