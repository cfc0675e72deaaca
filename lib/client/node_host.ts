import type { Socket } from "node:net";
import type { ClientConnection, ClientConnectionHandler, ClientHost, HotHost } from "./host.ts";

interface Builtins {
  "node:cluster": typeof import("node:cluster");
  "node:crypto": typeof import("node:crypto");
  "node:dns": typeof import("node:dns");
  "node:fs": typeof import("node:fs");
  "node:net": typeof import("node:net");
  "node:timers": typeof import("node:timers");
}

interface Output {
  on(event: "error", listener: () => void): unknown;
}

interface Process {
  readonly env: Record<string, string | undefined>;
  readonly pid: number;
  readonly argv: readonly string[];
  cwd(): string;
  readonly versions: Record<string, string | undefined>;
  on(signal: "SIGTERM", listener: () => void): unknown;
  readonly stdout: Output;
  readonly stderr: Output;
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

/** Node and Bun. */
export function nodeHost(): ClientHost & HotHost {
  const process = nodeProcess();
  return {
    env: (name) => process.env[name],
    pid: process.pid,
    cwd: () => process.cwd(),
    importable: (url) =>
      process.versions.bun === undefined ? url : decodeURIComponent(new URL(url).pathname),
    starters: () => [],
    entry: () => process.argv[1] === undefined ? null : new URL(`file://${process.argv[1]}`).href,
    cannotAdopt: process.versions.bun === undefined
      ? null
      : "Bun cannot listen on the socket that baton holds: its servers would bind another port and not say so. " +
        "Leave --listen out, and bind a port",
    connect,
    readBytes(path) {
      try {
        return builtin("node:fs").readFileSync(path);
      } catch (error) {
        if ((error as { code?: string }).code === "ENOENT") return null;
        throw error;
      }
    },
    writeAtomically,
    sha256,
    after,
    turn: () => new Promise((next) => builtin("node:timers").setImmediate(next)),
    warmUps: [
      () => sha256(new Uint8Array(0)),
      ...process.versions.bun === undefined
        // The first server that listens loads both, in some 2 ms.
        ? [() => builtin("node:cluster"), () => builtin("node:dns")]
        : [],
    ],
    ignoreSigterm: () => void process.on("SIGTERM", () => {}),
    ignoreUnreadOutput,
    exit: (code) => process.exit(code),
  };
}

/** Of Node's streams, which Deno has, too. */
export function ignoreUnreadOutput(): void {
  const { stdout, stderr } = nodeProcess();
  for (const output of [stdout, stderr]) output.on("error", () => {});
}

function after(ms: number, run: () => void): () => void {
  const timers = builtin("node:timers");
  const timer = timers.setTimeout(run, ms).unref();
  return () => timers.clearTimeout(timer);
}

function connect(path: string, handler: ClientConnectionHandler): Promise<ClientConnection> {
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

function sha256(bytes: Uint8Array): string {
  return builtin("node:crypto").createHash("sha256").update(bytes).digest("hex");
}

function writeAtomically(path: string, bytes: Uint8Array, { sync }: { sync: boolean }): void {
  const fs = builtin("node:fs");
  const temporary = `${path}.${nodeProcess().pid}.tmp`;
  try {
    fs.writeFileSync(temporary, bytes, { mode: 0o600, flush: sync });
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}
