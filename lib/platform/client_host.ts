/**
 * The little of the outside world that a program taking part needs, on Deno, Bun and Node 20.16 or later.
 *
 * It imports nothing built in, so that importing the client costs next to nothing: each such module is
 * loaded when it is first used, which outside baton is never.
 */
import type { Socket } from "node:net";
import { isProcessLoaded } from "./node_in_deno.ts";

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
  /** One attempt; rejects with the system's error. */
  connect(path: string, handler: ClientConnectionHandler): Promise<ClientConnection>;
  /** Writes beside `path`, syncs, and renames over it; the file is 0600. */
  writeAtomicallySynced(path: string, bytes: Uint8Array): void;
  /** Null where nothing is there. */
  readBytes(path: string): Uint8Array | null;
  /** Lower-case hex. */
  sha256(bytes: Uint8Array): string | Promise<string>;
  /** Calls `run` once, `ms` from now, without keeping the program alive; returns what cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Load, in steps of some milliseconds, what saving and most programs need after the barrier. */
  readonly warmUps: readonly (() => unknown)[];
  /** Ends the program; its exit handlers run. */
  exit(code: number): never;
}

interface Builtins {
  "node:cluster": typeof import("node:cluster");
  "node:crypto": typeof import("node:crypto");
  "node:dns": typeof import("node:dns");
  "node:fs": typeof import("node:fs");
  "node:net": typeof import("node:net");
}

interface Process {
  readonly env: Record<string, string | undefined>;
  readonly pid: number;
  readonly versions: Record<string, string | undefined>;
  exit(code: number): never;
  getBuiltinModule?<Name extends keyof Builtins>(name: Name): Builtins[Name];
}

function nodeProcess(): Process {
  return (globalThis as unknown as { process: Process }).process;
}

function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const process = nodeProcess();
  if (process.getBuiltinModule === undefined) {
    throw new Error("The baton client needs Deno 2, Bun 1.2, or Node 20.16 or later");
  }
  return process.getBuiltinModule(name);
}

/** The host this program runs on. */
export function clientHost(): ClientHost {
  return { ...("Deno" in globalThis ? denoHost() : nodeHost()), ...shared };
}

type Own = Omit<ClientHost, keyof typeof shared>;

/**
 * Deno's own names: `node:net` and `node:fs` take tens of milliseconds to load, the former keeps an
 * unreferenced program alive in Deno 2.5, and reading `env` without leave would ask the user.
 */
function denoHost(): Own {
  return {
    env: (variable) =>
      Deno.permissions.querySync({ name: "env", variable }).state === "granted"
        ? Deno.env.get(variable)
        : undefined,
    pid: Deno.pid,
    connect: connectDeno,
    readBytes(path) {
      try {
        return Deno.readFileSync(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    },
    writeAtomicallySynced: writeDeno,
    sha256: sha256Deno,
    warmUps: [
      () => Deno.serve, // loaded when it is first named, in some 5 ms
      () => sha256Deno(new Uint8Array(0)),
    ],
    // Only `process.exit` runs the exit handlers of Node; where it is not loaded there can be none.
    exit: (code) => isProcessLoaded() ? nodeProcess().exit(code) : Deno.exit(code),
  };
}

function nodeHost(): Own {
  const process = nodeProcess();
  return {
    env: (name) => process.env[name],
    pid: process.pid,
    connect: connectNode,
    readBytes(path) {
      try {
        return builtin("node:fs").readFileSync(path);
      } catch (error) {
        if ((error as { code?: string }).code === "ENOENT") return null;
        throw error;
      }
    },
    writeAtomicallySynced: writeNode,
    sha256: sha256Node,
    warmUps: [
      ...process.versions.bun === undefined
        // The first server that listens loads both, in some 2 ms.
        ? [() => builtin("node:cluster"), () => builtin("node:dns")]
        : [],
      () => sha256Node(new Uint8Array(0)),
    ],
    exit: (code) => process.exit(code),
  };
}

const shared: Pick<ClientHost, "after"> = {
  after(ms, run) {
    const timer: unknown = setTimeout(run, ms);
    if (typeof timer === "number") Deno.unrefTimer(timer);
    else (timer as { unref(): void }).unref();
    return () => clearTimeout(timer as number);
  },
};

async function connectDeno(
  path: string,
  handler: ClientConnectionHandler,
): Promise<ClientConnection> {
  const connection = await Deno.connect({ transport: "unix", path });
  let sent: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  const close = () => {
    if (isOpen) connection.close();
    isOpen = false;
  };
  const send = async (bytes: Uint8Array) => {
    for (let at = 0; isOpen && at < bytes.length;) at += await connection.write(bytes.subarray(at));
  };
  const receive = async () => {
    const buffer = new Uint8Array(65_536);
    for (;;) {
      const count = await connection.read(buffer).catch(() => null); // a reset is an end, too
      if (count === null) break;
      handler.onBytes(buffer.slice(0, count));
    }
    close();
    handler.onClose();
  };
  receive();
  return {
    write: (bytes) => void (sent = sent.then(() => send(bytes)).catch(close)),
    end: () => void sent.then(close),
    ref: () => connection.ref(),
    unref: () => connection.unref(),
  };
}

function connectNode(path: string, handler: ClientConnectionHandler): Promise<ClientConnection> {
  return new Promise((resolve, reject) => {
    const socket: Socket = builtin("node:net").createConnection({ path });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", () => socket.destroy()); // "close" follows, and says it
      socket.on("data", (bytes: Uint8Array) => handler.onBytes(bytes));
      socket.once("close", () => handler.onClose());
      resolve({
        write: (bytes) => void (socket.writable && socket.write(bytes)),
        end: () => void socket.end(),
        ref: () => void socket.ref(),
        unref: () => void socket.unref(),
      });
    });
  });
}

function sha256Node(bytes: Uint8Array): string {
  return builtin("node:crypto").createHash("sha256").update(bytes).digest("hex");
}

/** Where `node:crypto` takes long to load. */
async function sha256Deno(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function writeDeno(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${Deno.pid}.tmp`;
  const options = { write: true, create: true, truncate: true, mode: 0o600 };
  const file = Deno.openSync(temporary, options);
  try {
    try {
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      file.syncSync();
    } finally {
      file.close();
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    Deno.removeSync(temporary);
    throw error;
  }
}

function writeNode(path: string, bytes: Uint8Array): void {
  const fs = builtin("node:fs");
  const temporary = `${path}.${nodeProcess().pid}.tmp`;
  try {
    fs.writeFileSync(temporary, bytes, { mode: 0o600, flush: true });
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}
