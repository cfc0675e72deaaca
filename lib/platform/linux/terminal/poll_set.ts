import { type PtyCalls, READABLE } from "./pty_calls.ts";

const ENTRY_BYTES = 8;
const EVENTS_AT = 4;
const RETURNED_AT = 6;
const NONBLOCKING_CLOSE_ON_EXEC = 0o2004000;
const ONE = new Uint8Array(new BigUint64Array([1n]).buffer);

/** What is waited for: who is told that there is something to read, or an end, by descriptor. */
export type Waiting = ReadonlyMap<number, () => void>;

/** Waits for several descriptors at a time (poll(2)), on a thread that can be called back. */
export class PollSet {
  readonly #calls: PtyCalls;
  readonly #wake: number;

  constructor(calls: PtyCalls) {
    this.#calls = calls;
    this.#wake = calls.eventfd(0, NONBLOCKING_CLOSE_ON_EXEC);
  }

  get isOpen(): boolean {
    return this.#wake >= 0;
  }

  /** Ends the wait that is under way, or else the next one. */
  wake(): void {
    this.#calls.write(this.#wake, ONE, 8n);
  }

  /** Tells all who were waited for, or nobody after `timeoutMs`; -1 waits for good. */
  async wait(waiting: Waiting, timeoutMs: number): Promise<void> {
    const all = [...waiting, [this.#wake, () => this.#woken()] as const];
    const entries = entriesFor(all.map(([descriptor]) => descriptor));
    await this.#calls.poll(entries, BigInt(all.length), timeoutMs);
    const view = new DataView(entries.buffer);
    for (const [index, [, tell]] of all.entries()) {
      if (view.getUint16(index * ENTRY_BYTES + RETURNED_AT, true) !== 0) tell();
    }
  }

  close(): void {
    this.#calls.close(this.#wake);
  }

  #woken(): void {
    this.#calls.read(this.#wake, new Uint8Array(8), 8n);
  }
}

/** What of `READABLE` and `HUNG_UP` is so right now. */
export function pollNow(calls: PtyCalls, descriptor: number): number {
  const entries = entriesFor([descriptor]);
  calls.pollNow(entries, 1n, 0);
  return new DataView(entries.buffer).getUint16(RETURNED_AT, true);
}

/** Not within V8's heap, where it could be moved while a thread uses it. */
function entriesFor(descriptors: readonly number[]): Uint8Array<ArrayBuffer> {
  const entries = new Uint8Array(new ArrayBuffer(descriptors.length * ENTRY_BYTES));
  const view = new DataView(entries.buffer);
  for (const [index, descriptor] of descriptors.entries()) {
    view.setInt32(index * ENTRY_BYTES, descriptor, true);
    view.setUint16(index * ENTRY_BYTES + EVENTS_AT, READABLE, true);
  }
  return entries;
}
