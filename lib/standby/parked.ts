import { resolve } from "@std/path";
import type {
  Cancel,
  Connection,
  EnvironmentMark,
  ExitStatus,
  Listener,
  Platform,
  ProcessTree,
} from "../platform/platform.ts";
import { decodeLine, encodeLine, MAX_LINE_BYTES } from "./fields.ts";
import { type Identity, identityOf, isSame } from "./identity.ts";
import type { Launch } from "./launch.ts";
import type { Learned } from "./learned.ts";

/** What is told of a process by whoever started it. */
export interface ProcessListeners {
  onStderr(chunk: Uint8Array): void;
  onExit(status: ExitStatus): void;
}

/** A process that waits for its start. */
export interface ParkedProcess {
  /** Lets it run with this environment; returns its pid. Everything of it is told to the listeners from now on. */
  release(listeners: ProcessListeners, env: Readonly<Record<string, string>>): number;
}

/** What came of warming. */
export type Warmed =
  | { readonly type: "parked"; readonly modules: number; readonly tookMs: number }
  /** One of the imports cannot be done ahead: only those before it. */
  | { readonly type: "cut"; readonly imports: number; readonly why: string }
  | { readonly type: "failed"; readonly why: string };

export interface ParkedOptions {
  readonly launch: Launch;
  /** Where it is to connect to; in a private folder, and not in use before. */
  readonly address: string;
  /** Where it writes what can be seen of it, once it has come to rest; absent where nobody asks. */
  readonly view?: string;
  readonly mark: EnvironmentMark;
  readonly learned: Learned;
  /** How many imports are done ahead, at most. */
  readonly cut: number;
  /** Where it notes its start, should it start over. */
  readonly learnFolder: string;
  /** Paths that are watched, and folders in them that are not. */
  readonly watched: { readonly roots: readonly string[]; readonly others: readonly string[] };
  /** How long it may take to be parked, in milliseconds. */
  readonly deadlineMs: number;
  onWarmed(warmed: Warmed): void;
  /** It is parked no more, by itself. */
  onLost(why: string): void;
}

/** How long words that are still on the way are waited for. */
const LAST_WORDS_MS = 20;

/** One process that imports ahead what a program is known to import, and waits. */
export class Parked {
  readonly #platform: Platform;
  readonly #with: ParkedOptions;
  readonly #decoder = new TextDecoder();
  #tree: ProcessTree | null = null;
  #listener: Listener | null = null;
  #connection: Connection | null = null;
  #listeners: ProcessListeners | null = null;
  #deadline: Cancel | null = null;
  #late: Cancel | null = null;
  #stderr: Uint8Array[] = [];
  #rest = "";
  #state: "starting" | "warming" | "parked" | "released" | "ended" = "starting";
  #at = "";
  #pid = 0;

  constructor(platform: Platform, options: ParkedOptions) {
    this.#platform = platform;
    this.#with = options;
  }

  /** Starts the process. Rejects with `PlatformError` where it cannot. */
  async start(): Promise<void> {
    const { pipes, processes, terminal, clock } = this.#platform;
    const { launch, address, view = "", mark, deadlineMs } = this.#with;
    const listener = await pipes.listen(address, (connection) => this.#accept(connection));
    if (this.#state === "ended") return listener.close();
    this.#listener = listener;
    const standby = `park:${address}\n${view}`;
    const { pid } = processes.spawn({
      ...launch,
      mark,
      env: { ...launch.env, BATON_STANDBY: standby },
      stderr: terminal.stderrIsTerminal ? "inherit" : "pipe",
      onStderr: (chunk) => this.#listeners?.onStderr(chunk) ?? void this.#stderr.push(chunk),
      onExit: (status) => this.#exited(status),
    });
    // By no mark: what it bears is that of the generation to come, also where that is started cold.
    this.#tree = processes.tree(pid, {});
    this.#deadline = clock.after(deadlineMs, () => {
      this.#fail(`it takes too long${this.#at === "" ? "" : ` to import ${this.#at}`}`);
    });
  }

  /** What it was started with. */
  get launch(): Launch {
    return this.#with.launch;
  }

  /** Whether it waits, and lives. */
  get isParked(): boolean {
    return this.#state === "parked" && this.#tree !== null &&
      this.#platform.processes.startTime(this.#tree.leader) !== null;
  }

  /** The process that waits. */
  get pid(): number {
    return this.#pid;
  }

  /** Has it look whether what it has imported is still what is on the disk, before that counts. */
  check(): void {
    if (this.#state === "parked") this.#send("check");
  }

  /** `changed` are the paths behind its start, relative to the working directory. */
  release(
    listeners: ProcessListeners,
    env: Readonly<Record<string, string>>,
    changed: readonly string[],
  ): number {
    if (!this.isParked || this.#tree === null) throw new Error("Nothing is parked");
    this.#state = "released";
    this.#listeners = listeners;
    for (const chunk of this.#stderr) listeners.onStderr(chunk);
    const told = Object.entries(env).filter(([name]) => name.startsWith("BATON_"))
      .map(([name, value]) => `${name}=${value}`);
    const paths = changed.map((path): string => resolve(this.#with.launch.cwd, path));
    this.#send("go", told, paths);
    this.#connection?.end();
    this.#settle();
    return this.#tree.leader;
  }

  /** Ends it, with all that belongs to it. */
  end(): void {
    if (this.#state === "released" || this.#state === "ended") return;
    this.#state = "ended";
    this.#tree?.kill();
    this.#connection?.destroy();
    this.#settle();
  }

  #settle(): void {
    this.#deadline?.();
    this.#late?.();
    this.#listener?.close();
    this.#listener = null;
  }

  #fail(why: string): void {
    const was = this.#state;
    this.end();
    if (was === "parked") this.#with.onLost(why);
    else if (was === "starting" || was === "warming") this.#with.onWarmed({ type: "failed", why });
  }

  /** What it has said last may still be on its way. */
  #failSoon(why: string): void {
    if (this.#state === "released" || this.#state === "ended") return;
    this.#late?.();
    this.#late = this.#platform.clock.after(LAST_WORDS_MS, () => this.#fail(why));
  }

  #exited(status: ExitStatus): void {
    if (this.#listeners !== null) return this.#listeners.onExit(status);
    const how = status.kind === "exited" ? `status ${status.code}` : status.signal;
    this.#failSoon(`it ended with ${how}`);
  }

  #accept(connection: Connection) {
    const { peer } = connection;
    const isOwn = peer?.pid == null || this.#tree?.has(peer.pid) !== false;
    if (!isOwn || this.#connection !== null) {
      connection.write(new TextEncoder().encode(encodeLine("die")));
      connection.end();
      return { onBytes: () => {}, onClose: () => {} };
    }
    this.#connection = connection;
    return {
      onBytes: (bytes: Uint8Array) => this.#hear(bytes),
      onClose: () =>
        this.#platform.clock.after(20, () => this.#fail("it has closed its connection")),
    };
  }

  #send(...fields: readonly (string | readonly string[])[]): void {
    this.#connection?.write(new TextEncoder().encode(encodeLine(...fields)));
  }

  #hear(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > MAX_LINE_BYTES) return this.#fail("it says what nobody understands");
    for (const line of lines) this.#answer(decodeLine(line));
  }

  #answer([kind, ...fields]: string[]): void {
    const state = this.#state;
    const [first = "", second = "", third = ""] = fields;
    if (kind === "here" && state === "starting") return this.#identify(identityOf(fields));
    if (kind === "at" && state === "warming") this.#at = first;
    else if (kind === "cut" && state === "warming") {
      this.end();
      this.#with.onWarmed({ type: "cut", imports: Number(first), why: second });
    } else if (kind === "parked" && state === "warming") {
      this.#state = "parked";
      this.#deadline?.();
      this.#with.onWarmed({ type: "parked", modules: Number(second), tookMs: Number(third) });
    } else if (kind === "stale" && state === "parked") this.#fail(first);
    else if (kind !== "fresh") this.#fail("it says what nobody understands");
  }

  /** What is not the same interpreter, at the same place, could be any program: it must not go on. */
  #identify(identity: Identity | null): void {
    const { learned, cut, learnFolder, watched } = this.#with;
    if (identity === null || !isSame(identity, learned.identity)) {
      return this.#fail("another process than before reports");
    }
    this.#state = "warming";
    this.#pid = identity.pid;
    this.#send("warm", learned.path, String(cut), learnFolder, watched.roots, watched.others);
  }
}
