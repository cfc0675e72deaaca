import type { ClientConnection, ClientConnectionHandler, ClientHost, HotHost } from "./host.ts";
import { ignoreUnreadOutput } from "./node_host.ts";

/**
 * Deno's own names: `node:net` and `node:fs` take tens of milliseconds to load, the former keeps an
 * unreferenced program alive in Deno 2.5, and reading `env` without leave would ask the user.
 */
export function denoHost(): ClientHost & HotHost {
  return {
    env: (variable) =>
      Deno.permissions.querySync({ name: "env", variable }).state === "granted"
        ? Deno.env.get(variable)
        : undefined,
    pid: Deno.pid,
    entry: () => Deno.mainModule,
    cwd: () => Deno.cwd(),
    importable: (url) => url,
    starters: () => [[Deno, ["serve", "listen", "connect"]]],
    cannotAdopt: adopts(Deno.version.deno)
      ? null
      : `Deno ${Deno.version.deno} cannot listen on the socket that baton holds: from 2.9 on its node:http can`,
    connect,
    readBytes(path) {
      try {
        return Deno.readFileSync(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    },
    writeAtomically,
    sha256,
    after,
    turn: () => sha256(new Uint8Array(0)), // warms up saving, too
    warmUps: [
      () => after(0, () => {})(),
      () => Deno.serve, // loaded when it is first named, in some 5 ms
      () => new Response(""),
    ],
    ignoreSigterm: () => Deno.addSignalListener("SIGTERM", () => {}),
    ignoreUnreadOutput,
    // Only `process.exit` runs the exit handlers of Node; where it is not loaded there can be none.
    exit: (code) => isProcessLoaded() ? globalThis.process.exit(code) : Deno.exit(code),
  };
}

function after(ms: number, run: () => void): () => void {
  const timer: unknown = setTimeout(run, ms);
  if (typeof timer === "number") Deno.unrefTimer(timer);
  else (timer as { unref(): void }).unref();
  return () => clearTimeout(timer as number);
}

async function connect(
  path: string,
  handler: ClientConnectionHandler,
): Promise<ClientConnection> {
  const connecting = Deno.connect({ transport: "unix", path });
  void setTimeout; // loaded when it is first named, in some 5 ms; at the barrier there is no room for it
  const connection = await connecting;
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

/** `node:crypto` takes long to load. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function writeAtomically(path: string, bytes: Uint8Array, { sync }: { sync: boolean }): void {
  const temporary = `${path}.${Deno.pid}.tmp`;
  const options = { write: true, create: true, truncate: true, mode: 0o600 };
  const file = Deno.openSync(temporary, options);
  try {
    try {
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      if (sync) file.syncSync();
    } finally {
      file.close();
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    Deno.removeSync(temporary);
    throw error;
  }
}

/** What Deno keeps for itself, of the versions that load `node:process` when it is first named. */
interface Internals {
  readonly __nodeBootstrapArgs?: unknown;
  readonly dispatchProcessExitEvent?: unknown;
}

/**
 * Whether `process` is there in this Deno, or would have to be loaded, in some 15 ms. True where Deno does
 * not say.
 */
function isProcessLoaded(): boolean {
  const { internal } = Deno as unknown as { internal: symbol };
  const internals = (Deno as unknown as Record<symbol, Internals | undefined>)[internal];
  const isLate = internals?.__nodeBootstrapArgs !== undefined;
  return !isLate || internals.dispatchProcessExitEvent !== undefined;
}

/** `node:http` and `node:net` of earlier ones bind another port, and `Deno.serve` of any cannot. */
function adopts(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 2 || (major === 2 && minor >= 9);
}
