type Bytes =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>;

/** What is called of the C library to make terminals and to pass on what is typed and written there. */
export interface PtyCalls {
  open(path: Uint8Array<ArrayBuffer>, flags: number, mode: number): number;
  close(descriptor: number): number;
  read(descriptor: number, into: Uint8Array<ArrayBuffer>, size: bigint): number | bigint;
  write(descriptor: number, from: Uint8Array<ArrayBuffer>, size: bigint): number | bigint;
  ioctl(descriptor: number, request: bigint, value: Bytes): number;
  fcntl(descriptor: number, command: number, value: number): number;
  /** Waits on a thread of its own. */
  poll(entries: Uint8Array<ArrayBuffer>, count: bigint, timeoutMs: number): Promise<number>;
  pollNow(entries: Uint8Array<ArrayBuffer>, count: bigint, timeoutMs: number): number;
  socketpair(domain: number, type: number, protocol: number, into: Int32Array<ArrayBuffer>): number;
  memfd_create(name: Uint8Array<ArrayBuffer>, flags: number): number;
  eventfd(value: number, flags: number): number;
  inotify_init1(flags: number): number;
  inotify_add_watch(instance: number, path: Uint8Array<ArrayBuffer>, mask: number): number;
  tcgetattr(descriptor: number, into: Uint8Array<ArrayBuffer>): number;
  tcsetattr(descriptor: number, when: number, from: Uint8Array<ArrayBuffer>): number;
  tcgetpgrp(descriptor: number): number;
  getpgrp(): number;
}

// Of Linux's poll.h and fcntl.h.
export const READABLE = 0x1;
export const HUNG_UP = 0x10;
const READ_WRITE = 0x2;
const NO_CONTROLLING = 0o400;
const NONBLOCKING = 0o4000;
const CLOSE_ON_EXEC = 0o2000000;
const DUPLICATE_CLOSE_ON_EXEC = 1_030;

/** Higher than what a program is given by number, which is put in the place of what is there. */
const FIRST_DESCRIPTOR = 64;

/** A terminal's device, by a descriptor that never waits; less than 0 where there is none. */
export function openTerminal(calls: PtyCalls, path: string): number {
  const flags = READ_WRITE | NO_CONTROLLING | NONBLOCKING | CLOSE_ON_EXEC;
  return calls.open(new TextEncoder().encode(`${path}\0`), flags, 0);
}

/** Reads what is there; nothing where that is nothing, or the end. */
export function readNow(
  calls: PtyCalls,
  descriptor: number,
  into: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return into.slice(0, Math.max(0, Number(calls.read(descriptor, into, BigInt(into.length)))));
}

/** Writes as much as is taken without waiting. */
export function writeNow(
  calls: PtyCalls,
  descriptor: number,
  bytes: Uint8Array<ArrayBuffer>,
): void {
  for (let left = bytes; left.length > 0;) {
    const count = Number(calls.write(descriptor, left, BigInt(left.length)));
    if (count <= 0) return;
    left = left.slice(count);
  }
}

/** The same by a number that is high enough to be inherited by it; less than 0 where there is none. */
export function raised(calls: PtyCalls, descriptor: number): number {
  const high = calls.fcntl(descriptor, DUPLICATE_CLOSE_ON_EXEC, FIRST_DESCRIPTOR);
  calls.close(descriptor);
  return high;
}
