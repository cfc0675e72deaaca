import { killedBy } from "../../lib/platform/node/exit_status.ts";
import type {
  EnvironmentMark,
  ExitStatus,
  ListeningDescriptor,
  Output,
  Processes,
  ProcessTree,
  Spawned,
  SpawnRequest,
} from "../../lib/platform/platform.ts";

/** A process that a test plays: it ends only when told to, or when killed. */
export class FakeProcess {
  /** Pids of the tree, itself first; empty when it is gone. */
  tree: number[];
  readonly signals: string[] = [];
  /** What it listens on. */
  listens: string[] = [];
  /** What it does on a signal other than SIGKILL; nothing, unless set. */
  onSignal: (signal: string) => void = () => {};

  constructor(readonly pid: number, readonly request: SpawnRequest) {
    this.tree = [pid];
  }

  exit(code = 0): void {
    this.#end({ kind: "exited", code });
  }

  die(signal: string): void {
    this.#end(killedBy(signal));
  }

  /** Writes to its standard error. */
  say(text: string): void {
    this.request.onStderr?.(new TextEncoder().encode(text));
  }

  receive(signal: string): void {
    this.signals.push(signal);
    if (signal === "SIGKILL") this.die(signal);
    else this.onSignal(signal);
  }

  #end(status: ExitStatus): void {
    if (!this.tree.includes(this.pid)) return;
    this.tree = this.tree.filter((pid) => pid !== this.pid);
    this.request.onExit(status);
  }
}

/** Processes that exist only in the test. */
export class FakeProcesses implements Processes {
  readonly self = 1;
  /** Every process ever spawned, in order. */
  readonly spawned: FakeProcess[] = [];
  /** Thrown by the next spawn, once. */
  failure: Error | null = null;
  /** Called with each new process. */
  onSpawn: (process: FakeProcess) => void = () => {};

  get last(): FakeProcess {
    const process = this.spawned.at(-1);
    if (process === undefined) throw new Error("Nothing was spawned");
    return process;
  }

  spawn(request: SpawnRequest): Spawned {
    const failure = this.failure;
    this.failure = null;
    if (failure !== null) throw failure;
    const process = new FakeProcess(100 + this.spawned.length, request);
    this.spawned.push(process);
    this.onSpawn(process);
    return { pid: process.pid };
  }

  /** Those that may not be signaled. */
  readonly untouchable: Set<number> = new Set();

  /** Those that a debugger holds. */
  readonly held: Set<number> = new Set();

  /** Those that a signal has stopped. */
  readonly stopped: Set<number> = new Set();

  maySignal(pid: number): boolean {
    return !this.untouchable.has(pid);
  }

  adoptOrphans(): () => void {
    return () => {};
  }

  hasFile(): boolean {
    return false;
  }

  /** What a command that is run to its end leaves; it rejects with `failure`, once, where that is set. */
  leaves: Output = { code: 0, stdout: "" };

  output(): Promise<Output> {
    const failure = this.failure;
    this.failure = null;
    return failure === null ? Promise.resolve(this.leaves) : Promise.reject(failure);
  }

  tree(leader: number): ProcessTree {
    const process = this.#find(leader);
    return {
      leader,
      alive: () => [...process?.tree ?? []],
      listening: () => process?.listens ?? [],
      has: (pid) => process?.tree.includes(pid) ?? false,
      wake: () => {
        const [woken, held] = [this.stopped, this.held].map((pids) =>
          [...pids].filter((pid) => process?.tree.includes(pid))
        ) as [number[], number[]];
        for (const pid of woken) this.stopped.delete(pid);
        return { woken, held };
      },
      signalGroup: (signal) => process?.receive(signal),
      signalStrays: (signal) => process?.receive(signal),
      kill: () => {
        if (process === undefined || this.untouchable.has(process.pid)) return;
        process.receive("SIGKILL");
        process.tree = [];
      },
    };
  }

  listening(pids: readonly number[]): ListeningDescriptor[] {
    return pids.flatMap((pid) =>
      (this.#find(pid)?.listens ?? []).map((place) => ({
        pid,
        inode: place,
        place,
        isOpen: () => true,
      }))
    );
  }

  withMark(mark: EnvironmentMark): number[] {
    return this.spawned.filter(({ request }) =>
      Object.entries(mark).every(([name, value]) => request.env[name] === value)
    ).flatMap(({ tree }) => tree);
  }

  standInForReaders(): () => void {
    return () => {};
  }

  executed(): ReadonlySet<string> {
    return new Set();
  }

  openForWriting(): ReadonlySet<string> {
    return new Set();
  }

  commandLine(pid: number): string {
    return this.#find(pid)?.request.command.join(" ") ?? "";
  }

  startTime(pid: number): string | null {
    return this.#find(pid)?.tree.includes(pid) ? `start of ${pid}` : null;
  }

  kill(pid: number, signal: string): void {
    this.#find(pid)?.receive(signal);
  }

  #find(pid: number): FakeProcess | undefined {
    return this.spawned.find((process) => process.pid === pid);
  }
}
