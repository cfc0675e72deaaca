import process from "node:process";
import { modesOf, openPty } from "./pty.ts";
import { type PtyCalls, raised, writeNow } from "./pty_calls.ts";
import type { ProgramTerminal, TerminalEnds } from "./program_terminal.ts";
import { TerminalRelay } from "./relay.ts";
import { SESSION_LEADERS } from "./session_leader.ts";
import { whoReads } from "./who_reads.ts";

// Of Linux's socket.h, fcntl.h and memfd.h.
const UNIX = 1;
const STREAM_CLOSE_ON_EXEC = 0o2000001;
const CLOSE_ON_EXEC = 0x1;
const EXECUTABLE = 0x10;

/** Not named for baton: who kills that by its name means that, not what its program holds on to. */
const NAME = "program-terminal";

/** A session with a terminal of its own, for a program that is about to be started by the leader of it. */
export interface Session {
  /** What is executed, and the words for it. */
  readonly file: string;
  words(program: readonly string[]): readonly string[];
  /** What it inherits, by these numbers. */
  readonly descriptors: readonly number[];
  /** The pid of the program, once this leader was started; null where the system does not start the program. */
  started(leader: number): number | null;
  /** The leader was not started. */
  failed(): void;
  /** The program has ended. */
  ended(): void;
}

/** Opens calls, to be closed when the last has returned; null where they cannot be called. */
export type OpenPtyCalls = () => { readonly calls: PtyCalls; close(): void } | null;

interface Opened {
  readonly calls: PtyCalls;
  readonly relay: TerminalRelay;
  readonly executable: number;
  close(): void;
}

/**
 * Opens sessions, as long as baton is in the foreground of a terminal: null where it is not, or where the system has
 * no terminal to give. A program works without one, but for what it would ask there.
 */
export function sessions(
  open: OpenPtyCalls,
  show: (bytes: Uint8Array) => void,
): () => Session | null {
  let opened: Opened | null = null;

  function closeAll(): void {
    opened?.close();
    opened = null;
  }

  function closeUnused(): void {
    if (opened === null || opened.relay.isRelaying) return;
    opened.relay.close();
    closeAll();
  }

  /** With its first terminal a relay begins, and with its last it ends. */
  function relayed(relay: TerminalRelay, ends: TerminalEnds): ProgramTerminal {
    const isFirst = !relay.isRelaying;
    const terminal = relay.add(ends);
    if (isFirst) relay.relay(closeAll);
    return terminal;
  }

  return () => {
    opened ??= openAll(open, show);
    if (opened === null) return null;
    const { calls, relay, executable } = opened;
    const pty = relay.isForeground ? openPty(calls, relay.own, modesOf(calls, relay.own)) : null;
    const links = pty === null ? null : socketPair(calls);
    if (pty === null || links === null) {
      if (pty !== null) calls.close(pty.master);
      closeUnused();
      return null;
    }
    const [link, theirs] = links;
    let terminal: ProgramTerminal | null = null;
    const giveUp = (...descriptors: number[]) => {
      for (const descriptor of descriptors) calls.close(descriptor);
      closeUnused();
    };
    return {
      file: `/proc/self/fd/${executable}`,
      words: (program) => [NAME, String(theirs), String(pty.master), program[0]!, ...program],
      descriptors: [theirs, pty.master],
      started(leader) {
        calls.close(theirs);
        const pid = saidBy(calls, link);
        if (pid === null) giveUp(pty.master, link);
        else terminal = relayed(relay, { ...pty, link, session: leader });
        return pid;
      },
      failed: () => giveUp(pty.master, link, theirs),
      ended: () => terminal?.programEnded(),
    };
  };
}

/** The pid of the program that the leader of a session has started; null where it has not. */
function saidBy(calls: PtyCalls, link: number): number | null {
  const said = new Int32Array(1);
  const count = Number(calls.read(link, new Uint8Array(said.buffer), BigInt(said.byteLength)));
  return count === said.byteLength && said[0]! > 0 ? said[0]! : null;
}

function openAll(open: OpenPtyCalls, show: (bytes: Uint8Array) => void): Opened | null {
  const leader = SESSION_LEADERS[process.arch];
  const library = leader === undefined ? null : open();
  if (library === null) return null;
  const { calls } = library;
  const relay = TerminalRelay.open(calls, { show, whoReads, now: () => performance.now() });
  const executable = relay === null ? -1 : executableOf(calls, bytesOf(leader!));
  const close = () => {
    if (executable >= 0) calls.close(executable);
    library.close();
  };
  if (relay !== null && executable >= 0) return { calls, relay, executable, close };
  relay?.close();
  close();
  return null;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** In memory alone: nobody else can write to it, and no file is left. Less than 0 where the system forbids it. */
function executableOf(calls: PtyCalls, bytes: Uint8Array<ArrayBuffer>): number {
  const name = new TextEncoder().encode(`${NAME}\0`);
  const first = calls.memfd_create(name, CLOSE_ON_EXEC | EXECUTABLE);
  const made = first >= 0 ? first : calls.memfd_create(name, CLOSE_ON_EXEC); // before Linux 6.3
  if (made < 0) return made;
  writeNow(calls, made, bytes);
  return raised(calls, made);
}

/** Baton's end, and the other. */
function socketPair(calls: PtyCalls): readonly [number, number] | null {
  const ends = new Int32Array(2);
  if (calls.socketpair(UNIX, STREAM_CLOSE_ON_EXEC, 0, ends) < 0) return null;
  const [link, theirs] = [ends[0]!, raised(calls, ends[1]!)];
  if (theirs >= 0) return [link, theirs];
  calls.close(link);
  return null;
}
