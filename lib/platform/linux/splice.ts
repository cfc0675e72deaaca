import { familyOf, portOf, socketAddress, UNIX } from "./socket_address.ts";

/** Of splice(2), pipe(2), send(2), poll(2) and fcntl(2). */
const NOW = 0b11; // SPLICE_F_MOVE, SPLICE_F_NONBLOCK
const CLOSE_ON_EXEC_NOW = 0o2004000;
const MORE_COMES_NOW = 0xc040; // MSG_MORE, MSG_NOSIGNAL, MSG_DONTWAIT
const READABLE = 1;
const WRITABLE = 4;
const SET_PIPE_SIZE = 1_031;

/** As much as anybody may have in a pipe (`fs.pipe-max-size`); where it cannot be, less goes at once. */
const SPLICED_AT_ONCE = 1_048_576;
/** As long is waited on this thread for either side, which costs less than to go through the event loop. */
const WAIT_NS = 300_000n;
/** Others have their turn after so much, or so many waits: a millisecond or two. */
const MOST_AT_A_TURN = 2_097_152;
const MOST_WAITS = 4;
/** Where more files are open than that, looking for one would take longer than to copy. */
const MOST_DESCRIPTORS = 1_024;

type Bytes = Uint8Array<ArrayBuffer>;
const NOTHING: Bytes = new Uint8Array(0);

type Numbers = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>;

/** Calls of the C library: a negative number where one failed. */
export interface SpliceCalls {
  pipe2(ends: Numbers, flags: number): number;
  fcntl(descriptor: number, command: number, value: number): number;
  /** Without offsets. */
  splice(from: number, to: number, length: number, flags: number): number;
  send(socket: number, bytes: Bytes, length: number, flags: number): number;
  read(descriptor: number, into: Bytes, length: number): number;
  /** Of a single `struct pollfd`, without a mask. */
  ppoll(asked: Numbers, timeout: Numbers): number;
  getsockname(socket: number, address: Bytes, length: Numbers): number;
  getpeername(socket: number, address: Bytes, length: Numbers): number;
  close(descriptor: number): number;
}

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** What one call of `splice` did. */
export interface Spliced {
  /** How much of `first` was written. */
  readonly sent: number;
  /** How much was taken of the one socket. */
  readonly taken: number;
  /** The end of what was taken, where the other socket did not take it. */
  readonly rest: Bytes;
}

/**
 * Moves bytes from one socket to another within the system, without a copy. Nothing stays in the pipe between two
 * calls, so that one is enough for all connections.
 */
export class Splicer {
  /** What `rest` has at most. */
  readonly mostBytes = SPLICED_AT_ONCE;
  readonly #calls: SpliceCalls;
  readonly #into: number;
  readonly #outOf: number;
  readonly #timeout = new BigInt64Array([0n, WAIT_NS]);
  readonly #asked = new Int32Array(2);
  /** For what is given back, unless somebody has it. */
  #spare: Bytes | null = null;
  /** The pipe may hold what belongs to one connection. */
  #isLost = false;

  private constructor(calls: SpliceCalls, ends: Int32Array) {
    this.#calls = calls;
    [this.#outOf, this.#into] = ends as unknown as [number, number];
  }

  /** Null where there is no descriptor left for a pipe. */
  static open(calls: SpliceCalls): Splicer | null {
    const ends = new Int32Array(2);
    if (calls.pipe2(ends, CLOSE_ON_EXEC_NOW) < 0) return null;
    calls.fcntl(ends[1]!, SET_PIPE_SIZE, SPLICED_AT_ONCE);
    return new Splicer(calls, ends);
  }

  close(): void {
    this.#calls.close(this.#into);
    this.#calls.close(this.#outOf);
  }

  /** The descriptor of the connection between these addresses, which the runtime does not tell; null: not found. */
  descriptorOf(own: TcpAddress, peer: TcpAddress): number | null {
    const { getsockname, getpeername } = this.#calls;
    const [ownBytes, peerBytes] = [own, peer].map((address) => {
      return socketAddress({ kind: "tcp", ...address });
    });
    for (let descriptor = 0; descriptor < MOST_DESCRIPTORS; descriptor++) {
      const isIt = isNamed(getpeername, descriptor, peerBytes!) &&
        isNamed(getsockname, descriptor, ownBytes!);
      if (isIt) return descriptor;
    }
    return null;
  }

  /**
   * Writes `first`, and after it up to `most` bytes of what comes meanwhile; nothing, where nothing is there yet.
   * What is wrong with either socket is left for others to find.
   */
  splice(from: number, to: number, first: Bytes, most: number): Spliced {
    if (this.#isLost) return { sent: 0, taken: 0, rest: NOTHING };
    const { splice, send } = this.#calls;
    const wanted = Math.min(most, MOST_AT_A_TURN);
    let [sent, taken, held, waits] = [0, 0, 0, 0];
    const wait = (socket: number, events: number) =>
      waits++ < MOST_WAITS && this.#wait(socket, events);
    for (let hasWaited = false;;) {
      if (held === 0) {
        if (taken === wanted) break;
        const count = splice(from, this.#into, Math.min(wanted - taken, SPLICED_AT_ONCE), NOW);
        if (count === 0) break;
        if (count < 0) {
          if (taken === 0 || hasWaited || !wait(from, READABLE)) break;
          hasWaited = true;
          continue;
        }
        hasWaited = false;
        taken += count;
        held = count;
        // Together with what follows: a head of its own would wake whoever reads once more.
        if (sent === 0) sent = Math.max(0, send(to, first, first.length, MORE_COMES_NOW));
        if (sent < first.length) break;
      }
      const count = splice(this.#outOf, to, held, NOW);
      if (count > 0) held -= count;
      else if (hasWaited || !wait(to, WRITABLE)) break;
      hasWaited = count <= 0;
    }
    return { sent, taken, rest: this.#drain(held) };
  }

  /** What was given back is of no more use. */
  reuse(rest: Bytes): void {
    if (rest.length > 0) this.#spare = new Uint8Array(rest.buffer);
  }

  /** Whether the socket is ready within a moment, and nothing is wrong with it. */
  #wait(socket: number, events: number): boolean {
    this.#asked[0] = socket;
    this.#asked[1] = events; // The upper half is for what it is ready for.
    return this.#calls.ppoll(this.#asked, this.#timeout) === 1 &&
      this.#asked[1] === (events | events << 16);
  }

  #drain(length: number): Bytes {
    if (length === 0) return NOTHING;
    const bytes = (this.#spare ?? new Uint8Array(this.mostBytes)).subarray(0, length);
    this.#spare = null;
    for (let at = 0; at < length;) {
      const count = this.#calls.read(this.#outOf, bytes.subarray(at), length - at);
      this.#isLost = count <= 0;
      if (this.#isLost) throw new Error("What was in a pipe of baton's own cannot be read");
      at += count;
    }
    return bytes;
  }
}

const ADDRESS_BYTES = 28;
const found = new Uint8Array(ADDRESS_BYTES);
const foundLength = new Uint32Array(1);

/** Whether this is the name of it, but for the scope of an IPv6 address. */
function isNamed(
  call: SpliceCalls["getsockname"],
  descriptor: number,
  address: Bytes,
): boolean {
  foundLength[0] = ADDRESS_BYTES;
  if (call(descriptor, found, foundLength) < 0) return false;
  if (foundLength[0] !== address.length || familyOf(found) === UNIX) return false;
  if (portOf(found) !== portOf(address) || familyOf(found) !== familyOf(address)) return false;
  return address.subarray(4, 24).every((byte, at) => byte === found[4 + at]);
}
