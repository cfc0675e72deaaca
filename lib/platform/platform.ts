/**
 * # Theory of operation
 *
 * Everything baton knows of the outside world (clock, files, file events, processes, pipes, signals,
 * terminal) comes through one `Platform`. `deno/platform.ts` and `bun/platform.ts` are its two implementations, a
 * fake one stands in where a test needs time or a fault; one contract suite runs on all of them. `node/` is what
 * both do alike through `node:` built-ins, `linux/` and `posix/` what depends on the system. Outside of this room
 * only the client's host names `Deno` or `node:`.
 *
 * Small file operations are synchronous: a stat or a write of a few kilobytes costs less than a trip
 * through a thread pool, and the order of what happens stays plain.
 *
 * Failures are thrown as `PlatformError` with the operating system's code (`ENOENT`, `EACCES`, `ENOSPC`).
 */
import type { Signal } from "../settings.ts";
import type { Decompress } from "./decompress.ts";
import type { FileEvents } from "./file_events.ts";
import type { Files } from "./files.ts";
import type { Fifo, Pipes } from "./pipes.ts";
import type { Sockets } from "./sockets.ts";
import type { Tcp } from "./tcp.ts";
import type { HandledSignal, Terminal, TerminalSignal } from "./terminal.ts";

export type { Decompress, Encoding } from "./decompress.ts";
export type { FileEvents, FolderObserver, FolderWatch, RawEvent } from "./file_events.ts";
export type { DirectFiles, Entry, EntryKind, FileDigest, Files, Owner, Stat } from "./files.ts";
export type { Connection, ConnectionHandler, Fifo, Listener, Peer, Pipes } from "./pipes.ts";
export type {
  HeldSocket,
  ListeningDescriptor,
  SocketAddress,
  Sockets,
  SocketUse,
} from "./sockets.ts";
export type { Tcp, TcpConnection, TcpListener } from "./tcp.ts";
export type { HandledSignal, Terminal, TerminalSignal } from "./terminal.ts";

/** Stops what was begun; calling it again does nothing. */
export type Cancel = () => void;

/** A failed call to the operating system. */
export class PlatformError extends Error {
  override readonly name = "PlatformError";
  constructor(
    /** `ENOENT`, `EACCES`, `ENOSPC`, `EADDRINUSE` …, or `UNKNOWN`. */
    readonly code: string,
    message: string,
    readonly path?: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** Calls `run` once, `ms` from now. */
  after(ms: number, run: () => void): Cancel;
}

/** How a process ended. */
export type ExitStatus =
  | { readonly kind: "exited"; readonly code: number }
  /** `code` as a shell says it: 128 and the signal's number. Real-time signals are `SIG40`, by number. */
  | { readonly kind: "signaled"; readonly signal: string; readonly code: number };

export interface SpawnRequest {
  /** An absolute path or a name found on PATH, then its arguments. Never goes through a shell. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Beside its environment, which has it already, a limit tells who has it (Linux). */
  readonly mark?: EnvironmentMark;
  readonly stdin: "inherit" | "null";
  /**
   * `inherit` keeps a terminal a terminal; with `pipe` each chunk goes to `onStderr`. Standard output is
   * always inherited.
   */
  readonly stderr: "inherit" | "pipe";
  readonly onStderr?: (chunk: Uint8Array) => void;
  /**
   * Descriptors of baton's that it gets as 3, 4 …, with its own pid in `LISTEN_PID`. Throws `ENOTSUP` where they
   * cannot be passed on.
   */
  readonly sockets?: readonly number[];
  /** Called once, when the process itself has ended and, with `pipe`, its last stderr was delivered or
   * 100 ms have passed. Never before `spawn` returns. */
  readonly onExit: (status: ExitStatus) => void;
}

/** One process, started in a session and process group of its own. */
export interface Spawned {
  readonly pid: number;
}

/**
 * A mark by which every process of one generation is known: variables in its environment. The first of them
 * alone marks all generations of one run.
 */
export type EnvironmentMark = Readonly<Record<string, string>>;

/** Processes that were found stopped. */
export interface Woken {
  /** Those that go on now. */
  readonly woken: readonly number[];
  /** Those that a debugger holds, and nobody else can wake. */
  readonly held: readonly number[];
}

/** All processes of one generation: group, session, descendants, and (Linux) those that left by `setsid`. */
export interface ProcessTree {
  readonly leader: number;
  /** Living pids, the leader's among them. A second call costs little: call it before time counts. */
  alive(): number[];
  /**
   * Whether a living process is of it, by itself or by an ancestor; false where it is gone, and null where
   * nobody can tell.
   */
  has(pid: number): boolean | null;
  /** Lets those that are known go on where a signal has stopped them. */
  wake(): Woken;
  /**
   * What a process of the tree listens on and another could not, in words: `port 8000`, `UDP port 5300`, the
   * path of a socket (Linux; elsewhere nothing).
   */
  listening(): string[];
  /** Sends the signal to the whole group. Processes that are gone are no error. */
  signalGroup(signal: Signal | TerminalSignal): void;
  /** Sends the signal to those that have left the group. */
  signalStrays(signal: Signal): void;
  /** Kills every process of the tree that `alive()` finds. */
  kill(): void;
}

/** What a command left when it ended. */
export interface Output {
  /** Its exit status; not 0 where a signal killed it. */
  readonly code: number;
  readonly stdout: string;
}

export interface Processes {
  /** Throws `PlatformError` with `ENOENT`, `EACCES` or `ENOEXEC` where the command cannot be started. */
  spawn(request: SpawnRequest): Spawned;
  /** Whether the command names a file, executable or not: by itself where it has a slash, else on PATH. */
  hasFile(command: string, cwd: string, env: Readonly<Record<string, string>>): boolean;
  /**
   * Runs a command to its end, in baton's own folder and environment, without input. Rejects as `spawn`
   * throws, and with `ETIMEDOUT` where it had to be killed after `timeoutMs`.
   */
  output(command: readonly string[], options: { timeoutMs: number }): Promise<Output>;
  /** Throws `EINVAL` where the leader is baton, or one of its parents. An empty mark marks nobody. */
  tree(leader: number, mark: EnvironmentMark): ProcessTree;
  /** Living processes that have the mark (Linux; elsewhere none). */
  withMark(mark: EnvironmentMark): number[];
  /** Real paths of the files that these have open for writing (Linux; elsewhere none). */
  openForWriting(pids: readonly number[]): ReadonlySet<string>;
  /** Real paths of the files that these execute, as they are now (Linux; elsewhere none). */
  executed(pids: readonly number[]): ReadonlySet<string>;
  /**
   * Sees to it that these may go on printing where who has read it is gone, until that is cancelled (Linux; elsewhere
   * nothing).
   */
  standInForReaders(pids: readonly number[]): Cancel;
  /** Its command line, for people to read; "" where nobody can tell. */
  commandLine(pid: number): string;
  /** Tells a process from a later one with the same pid; null where it is not alive. */
  startTime(pid: number): string | null;
  kill(pid: number, signal: Signal | "SIGSTOP"): void;
  /** Whether baton may signal it: not where it is another user's. True where it is gone. */
  maySignal(pid: number): boolean;
  /**
   * From now on whoever loses its parent below baton gets baton for one, and is reaped at its end (Linux;
   * elsewhere, and without the C library, nothing). Stops the reaping.
   */
  adoptOrphans(): Cancel;
  readonly self: number;
}

/** Whether something answers there: one attempt, no waiting. */
export interface Probes {
  /** A TCP connection is accepted within `timeoutMs`. */
  tcp(host: string, port: number, timeoutMs: number): Promise<boolean>;
  /** A GET is answered with a status under 500 within `timeoutMs`. */
  http(url: string, timeoutMs: number): Promise<boolean>;
}

export interface Platform {
  readonly name: "deno" | "bun" | "fake";
  readonly os: "linux" | "darwin" | "windows";
  readonly clock: Clock;
  readonly files: Files;
  readonly events: FileEvents;
  readonly processes: Processes;
  readonly pipes: Pipes;
  /** A named pipe (0600); null where it cannot be made. Throws `PlatformError` where it cannot be opened. */
  makeFifo(path: string): Fifo | null;
  readonly probes: Probes;
  readonly sockets: Sockets;
  readonly tcp: Tcp;
  readonly terminal: Terminal;
  /** Command line arguments, without the runtime and the script. */
  readonly args: readonly string[];
  readonly cwd: string;
  env(): Readonly<Record<string, string>>;
  /** Calls `run` for each signal instead of what the system would do. */
  onSignal(signal: HandledSignal, run: () => void): Cancel;
  /** Calls `run` with what was thrown and caught by nobody, instead of ending baton on the spot. */
  onFault(run: (error: unknown) => void): Cancel;
  /** The user and group that baton acts as; null where the system has none. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** Lower-case hex. */
  sha256(bytes: Uint8Array): string;
  /** HMAC-SHA-256 of a text, lower-case hex. */
  hmac(key: string, text: string): string;
  /**
   * 64 bits for telling content apart, not for security: contents of one length that differ in more than four
   * bytes in a row have the same digest once in 2 ** 32 times, all others never.
   */
  digest(bytes: Uint8Array): bigint;
  readonly decompress: Decompress;
  randomId(): string;
}
