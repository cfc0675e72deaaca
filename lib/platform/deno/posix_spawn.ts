import { killedBy } from "../node/exit_status.ts";
import { exitOnce } from "../node/exit_once.ts";
import { findCommand } from "../node/find_command.ts";
import { denoFiles } from "./files.ts";
import { openPosix, type PosixLibrary } from "./posix_calls.ts";
import type { Session } from "../linux/terminal/session.ts";
import { underLimit } from "../linux/limit_mark.ts";
import { wordsOf } from "../posix/socket_activation.ts";
import { type ExitStatus, PlatformError, type Processes, type SpawnRequest } from "../platform.ts";

// Of glibc's spawn.h and fcntl.h.
const SET_SIGNAL_DEFAULTS = 0x04;
const SET_SIGNAL_MASK = 0x08;
const SET_SESSION = 0x80;
const READ_ONLY = 0;
const CLOSE_ON_EXEC = 0o2000000;

/** The first descriptor beyond the standard ones, as systemd passes sockets on. */
const FIRST_SOCKET = 3;

/** More than any of its opaque structs has: `posix_spawnattr_t` is the largest, with 336 bytes. */
const STRUCT_BYTES = 512;

/** The set of just this signal, which the runtime ignores: number 13, by bits from 1. */
const BROKEN_PIPE = new Uint8Array(128);
BROKEN_PIPE[1] = 1 << 4;

const CHUNK_BYTES = 65_536;

interface Started {
  readonly pid: number;
  readonly status: Promise<ExitStatus>;
  /** Resolves when all of its stderr was passed on. */
  readonly drained: Promise<void>;
}

/**
 * Spawns through the C library. A runtime that gives a program its own session copies all of its own page
 * tables, and then each page that it writes to. What cannot be done so is left to `otherwise`, which says why.
 */
export function spawnPosix(
  otherwise: Processes["spawn"],
  openSession: () => Session | null,
): Processes["spawn"] {
  return (request) => {
    const file = findCommand(denoFiles, request.command[0]!, request.cwd, request.env);
    const library = openPosix();
    if (library === null) return otherwise(request);
    const session = request.stdin === "inherit" ? openSession() : null;
    const started = (session && start(library.calls, file, request, session)) ??
      start(library.calls, file, request, null);
    if (started === null) {
      library.close();
      if ((request.sockets ?? []).length === 0) return otherwise(request);
      throw new PlatformError("UNKNOWN", `Cannot run "${file}": the system did not start it`, file);
    }
    const { pid, status, drained } = started;
    const exit = exitOnce(request.onExit);
    Promise.all([status.then(exit.ended), drained.then(exit.drained)]).then(library.close);
    return { pid };
  };
}

/** Null where the system refuses. */
function start(
  calls: PosixLibrary["calls"],
  file: string,
  request: SpawnRequest,
  session: Session | null,
): Started | null {
  const ends = new Int32Array(2);
  const isPiped = request.stderr === "pipe";
  if (isPiped && calls.pipe2(ends, CLOSE_ON_EXEC) !== 0) {
    session?.failed();
    return null;
  }
  const [reading, writing] = ends;
  const pid = spawn(calls, file, request, isPiped ? writing! : null, session);
  if (isPiped) calls.close(writing!);
  if (isPiped && pid === null) calls.close(reading!);
  if (pid === null) return null;
  const drained = isPiped ? drain(calls, reading!, request.onStderr) : Promise.resolve();
  const status = statusOf(calls, pid);
  if (session !== null) status.then(session.ended, session.ended);
  return { pid, status, drained };
}

/** The process id; null where the system refuses. */
function spawn(
  calls: PosixLibrary["calls"],
  file: string,
  request: SpawnRequest,
  stderr: number | null,
  session: Session | null,
): number | null {
  const { cwd, env, mark, stdin, sockets = [] } = request;
  const words = wordsOf(file, request);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  if ([cwd, ...words, ...variables].some((text) => text.includes("\0"))) {
    session?.failed();
    return null;
  }
  const attributes = new Uint8Array(STRUCT_BYTES);
  calls.posix_spawnattr_init(attributes);
  calls.posix_spawnattr_setflags(attributes, SET_SESSION | SET_SIGNAL_MASK | SET_SIGNAL_DEFAULTS);
  calls.posix_spawnattr_setsigdefault(attributes, BROKEN_PIPE);
  const actions = new Uint8Array(STRUCT_BYTES);
  calls.posix_spawn_file_actions_init(actions);
  calls.posix_spawn_file_actions_addchdir_np(actions, encode(cwd));
  if (stdin === "null") {
    calls.posix_spawn_file_actions_addopen(actions, 0, encode("/dev/null"), READ_ONLY, 0);
  }
  if (stderr !== null) calls.posix_spawn_file_actions_adddup2(actions, stderr, 2);
  for (const [index, socket] of sockets.entries()) {
    calls.posix_spawn_file_actions_adddup2(actions, socket, FIRST_SOCKET + index);
  }
  for (const descriptor of session?.descriptors ?? []) {
    calls.posix_spawn_file_actions_adddup2(actions, descriptor, descriptor); // is not closed on exec
  }
  const pid = new Int32Array(1);
  const [argv, envp] = [vector(session?.words(words) ?? words), vector(variables)];
  const failure = underLimit(
    calls,
    mark,
    () =>
      calls.posix_spawn(pid, encode(session?.file ?? words[0]!), actions, attributes, argv, envp),
  );
  calls.posix_spawn_file_actions_destroy(actions);
  if (session === null) return failure === 0 ? pid[0]! : null;
  if (failure === 0) return session.started(pid[0]!);
  session.failed();
  return null;
}

async function statusOf(calls: PosixLibrary["calls"], pid: number): Promise<ExitStatus> {
  const status = new Int32Array(new ArrayBuffer(4)); // not within V8's heap, where it could be moved
  const reaped = await calls.waitpid(pid, status, 0);
  if (reaped !== pid) throw new PlatformError("ECHILD", `Cannot learn how process ${pid} ended`);
  const signal = status[0]! & 0x7f;
  return signal === 0 ? { kind: "exited", code: status[0]! >> 8 & 0xff } : killedBy(signal);
}

/** Passes on what comes, and closes the pipe at its end. */
async function drain(
  calls: PosixLibrary["calls"],
  pipe: number,
  onChunk: SpawnRequest["onStderr"],
): Promise<void> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const count = Number(await calls.read(pipe, chunk, BigInt(chunk.length)));
    if (count <= 0) break;
    onChunk?.(chunk.slice(0, count));
  }
  calls.close(pipe);
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** A null-terminated array of pointers to strings, and then the strings: one block, for all to live as long. */
function vector(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const strings = texts.map(encode);
  const pointers = new BigUint64Array(texts.length + 1);
  const length = strings.reduce((sum, { length }) => sum + length, pointers.byteLength);
  const block = new Uint8Array(new ArrayBuffer(length));
  const base = Deno.UnsafePointer.value(Deno.UnsafePointer.of(block));
  let at = pointers.byteLength;
  for (const [index, bytes] of strings.entries()) {
    pointers[index] = base + BigInt(at);
    block.set(bytes, at);
    at += bytes.length;
  }
  block.set(new Uint8Array(pointers.buffer));
  return block;
}
