import type { Cancel, ListeningDescriptor, Platform } from "../platform/platform.ts";
import type { ChildEvent } from "./child_event.ts";

/** How exactly it is seen, where the program says nothing meanwhile, that a socket was closed. */
const LOOK_MS = 5;

/** By then most programs listen, and as a rule nothing is to be done. */
const SEARCH_MS = 1_000;

/** What a generation has said of its components. */
interface Declared {
  /** The processes that take part. */
  readonly pids: Set<number>;
  hasComponents: boolean;
  /** It says itself when it ceases to serve. */
  isTold: boolean;
  search: Cancel;
}

/**
 * Sees from outside when a generation that is being stopped ceases to serve: when it closes what it listens on.
 *
 * Which descriptors these are is looked for while it serves and nobody waits, as a machine may have many
 * sockets. Then each is looked at, one call of the system, at all that the program says and at short
 * intervals: for as long as they are open, which is before it is dark.
 */
export class ServingWatch {
  readonly #platform: Pick<Platform, "clock" | "sockets">;
  readonly #processes: (generation: number) => readonly number[];
  readonly #onClosed: (generation: number, openUntil: number) => void;
  readonly #declared = new Map<number, Declared>();
  #found: { generation: number; descriptors: readonly ListeningDescriptor[] } | null = null;
  #openUntil = 0;
  #cancel: Cancel | null = null;

  /** `onClosed` is told when the socket was last seen open. */
  constructor(
    platform: Pick<Platform, "clock" | "sockets">,
    processes: (generation: number) => readonly number[],
    onClosed: (generation: number, openUntil: number) => void,
  ) {
    this.#platform = platform;
    this.#processes = processes;
    this.#onClosed = onClosed;
  }

  /** Looks for what it listens on, where that matters and is not known. */
  prepare(generation: number): void {
    const declared = this.#declared.get(generation);
    if (!declared?.hasComponents || declared.isTold) return;
    declared.search();
    if (this.#found?.generation === generation) return;
    const { sockets } = this.#platform;
    const own = sockets.listening([...declared.pids]);
    const descriptors = own.length > 0 ? own : sockets.listening(this.#processes(generation));
    this.#found = { generation, descriptors };
  }

  /** It is about to be asked to stop. */
  start(generation: number): void {
    this.prepare(generation);
    if (this.#found?.generation !== generation || this.#found.descriptors.length === 0) return;
    this.#openUntil = this.#platform.clock.now();
    this.#lookSoon(generation);
  }

  /** Something was said on the pipe, or the pipe is gone. */
  hear(generation: number, event: ChildEvent): void {
    switch (event.type) {
      case "hello":
        return this.#declare(generation, event);
      case "ready":
        return this.#searchSoon(generation);
      case "stopping":
      case "stopped":
      case "failed":
        return this.#look(generation);
      case "saved":
      case "refused":
        return this.#noteEnd(generation, event);
      case "disconnected":
      case "exited":
        return this.stop(generation);
    }
  }

  /** Its components have stopped: what is open now stays so until it leaves. */
  #noteEnd(generation: number, event: Extract<ChildEvent, { type: "saved" | "refused" }>): void {
    // A checkpoint is saved, or refused, before it is asked to stop, or is late.
    const isCheckpoint = event.type === "saved" && event.kind === "checkpoint";
    if (this.#cancel === null || this.#found?.generation !== generation || isCheckpoint) return;
    this.#look(generation);
    this.#stop();
  }

  /** It ends in another way, or has ended. */
  stop(generation: number): void {
    if (this.#found?.generation === generation) this.#stop();
  }

  /** It is gone. */
  forget(generation: number): void {
    this.stop(generation);
    this.#declared.get(generation)?.search();
    this.#declared.delete(generation);
  }

  /** Baton ends. */
  close(): void {
    for (const generation of [...this.#declared.keys()]) this.forget(generation);
  }

  #declare(generation: number, { pid, components }: Extract<ChildEvent, { type: "hello" }>): void {
    const declared = this.#declared.get(generation) ??
      { pids: new Set(), hasComponents: false, isTold: false, search: () => {} };
    declared.pids.add(pid);
    declared.hasComponents ||= components.length > 0;
    declared.isTold ||= components.some(({ serves }) => serves);
    this.#declared.set(generation, declared);
  }

  #searchSoon(generation: number): void {
    const declared = this.#declared.get(generation);
    if (declared === undefined) return;
    declared.search();
    declared.search = this.#platform.clock.after(SEARCH_MS, () => this.prepare(generation));
  }

  #lookSoon(generation: number): void {
    this.#cancel = this.#platform.clock.after(LOOK_MS, () => {
      this.#look(generation);
      if (this.#cancel !== null) this.#lookSoon(generation);
    });
  }

  #look(generation: number): void {
    if (this.#cancel === null || this.#found?.generation !== generation) return;
    if (isOpen(this.#found.descriptors)) {
      this.#openUntil = this.#platform.clock.now();
      return;
    }
    this.#stop();
    this.#onClosed(generation, this.#openUntil);
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#found = null;
  }
}

/** A process closes one of several it has of a socket; of a socket that several have, all must have. */
function isOpen(descriptors: readonly ListeningDescriptor[]): boolean {
  const isShared = new Set(descriptors.map(({ pid }) => pid)).size > 1;
  if (!isShared) return descriptors.every((descriptor) => descriptor.isOpen());
  const bySocket = Map.groupBy(descriptors, ({ inode }) => inode);
  return [...bySocket.values()].every((shared) => shared.some((one) => one.isOpen()));
}
