/**
 * The little of the outside world that a program taking part needs, on Deno, Bun and Node 20.16 or later.
 *
 * No built-in module is imported, so that importing the client costs next to nothing: each is loaded when
 * it is first used, which outside baton is never.
 */
import { denoHost } from "./deno_host.ts";
import { nodeHost } from "./node_host.ts";

/** The program's end of the pipe. */
export interface ClientConnection {
  /** Queued in order; where the other side is gone nothing is thrown: `onClose` says so. */
  write(bytes: Uint8Array): void;
  /** Sends what is queued, then closes. */
  end(): void;
  /** The open connection keeps the program alive; how it begins. */
  ref(): void;
  /** The open connection does not keep the program alive. */
  unref(): void;
}

export interface ClientConnectionHandler {
  onBytes(bytes: Uint8Array): void;
  /** Called once, whichever side closed. */
  onClose(): void;
}

export interface ClientHost {
  /** An environment variable; undefined where it is not set or, on Deno, may not be read without asking. */
  env(name: string): string | undefined;
  readonly pid: number;
  /** Why a server of this runtime cannot listen on a descriptor; null where one can. */
  readonly cannotAdopt: string | null;
  /** One attempt; rejects with the system's error. */
  connect(path: string, handler: ClientConnectionHandler): Promise<ClientConnection>;
  /** Writes beside `path`, with `sync` waits for the disk, and renames over it; the file is 0600. */
  writeAtomically(path: string, bytes: Uint8Array, options: { readonly sync: boolean }): void;
  /** Null where nothing is there. */
  readBytes(path: string): Uint8Array | null;
  /** Lower-case hex. */
  sha256(bytes: Uint8Array): string | Promise<string>;
  /** Calls `run` once, `ms` from now, without keeping the program alive; returns what cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Resolves in a later turn of the loop, after what has arrived by now was heard. */
  turn(): Promise<unknown>;
  /** Load, in steps of some milliseconds, what saving and then what most programs need after the barrier. */
  readonly warmUps: readonly (() => unknown)[];
  /** SIGTERM ends the program no more: what is being saved has a deadline. */
  ignoreSigterm(): void;
  /** What the program prints by its streams may go unread: that is no error of theirs any more, which would end it. */
  ignoreUnreadOutput(): void;
  /** Ends the program; its exit handlers run. */
  exit(code: number): never;
}

/** What hot modules need beside that. */
export interface HotHost extends Pick<ClientHost, "pid" | "readBytes"> {
  /** URL of the module that the program was started with; null where that is not known. */
  entry(): string | null;
  cwd(): string;
  /** What `import` takes for a file with a query: a URL, or on Bun, which would drop the query, a path. */
  importable(url: string): string;
  /** The runtime's own functions that start what goes on, by their holder. */
  starters(): readonly (readonly [holder: object, names: readonly string[]])[];
}

/** The host this program runs on. */
export function clientHost(): ClientHost & HotHost {
  return "Deno" in globalThis ? denoHost() : nodeHost();
}
