import { resolve } from "@std/path";
import type {
  Cancel,
  Connection,
  ExitStatus,
  Listener,
  Platform,
  ProcessTree,
} from "../platform/platform.ts";
import { decodeLine, encodeLine, MAX_LINE_BYTES } from "./fields.ts";
import { type Identity, identityOf, isSame } from "./identity.ts";
import type { Launch } from "./launch.ts";
import type { ParkedOptions, ProcessListeners } from "./parked_process.ts";
import { startInstead, whyNotRun } from "./start_instead.ts";
import { told } from "./told.ts";

/** How long words that are still on the way are waited for. */
const LAST_WORDS_MS = 20;

/** One that is let go has said by then that it runs; it does where it lives and has closed its connection. */
const UNSAID_MS = 1_000;

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
  #env: Readonly<Record<string, string>> = {};
  /** What was let go has said that nothing but the program comes now. */
  #runs = false;
  #hasExited = false;
  #isRestarted = false;

  constructor(platform: Platform, options: ParkedOptions) {
    this.#platform = platform;
    this.#with = options;
  }

  /** Starts the process. Rejects with `PlatformError` where it cannot. */
  async start(): Promise<void> {
    const { pipes, processes, terminal } = this.#platform;
    const { launch, address, view, mark, learnFolder } = this.#with;
    const listener = await pipes.listen(address, (connection) => this.#accept(connection));
    if (this.#state === "ended") return listener.close();
    this.#listener = listener;
    const { pid } = processes.spawn({
      ...launch,
      ...told(this.#platform, launch, learnFolder, `park:${address}`, view),
      mark,
      stderr: terminal.stderrIsTerminal && !launch.readsStderr ? "inherit" : "pipe",
      onStderr: (chunk) => this.#listeners?.onStderr(chunk) ?? void this.#stderr.push(chunk),
      onExit: (status) => this.#exited(status),
    });
    // By no mark: what it bears is that of the generation to come, also where that is started cold.
    this.#tree = processes.tree(pid, {});
    this.#allowTime();
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
    this.#env = env;
    for (const chunk of this.#stderr) listeners.onStderr(chunk);
    const told = Object.entries(env).filter(([name]) => name.startsWith("BATON_"))
      .map(([name, value]) => `${name}=${value}`);
    const paths = changed.map((path): string => resolve(this.#with.launch.cwd, path));
    this.#send("go", told, paths);
    this.#connection?.end();
    this.#deadline?.();
    this.#late?.();
    this.#late = this.#platform.clock.after(2 * UNSAID_MS, () => this.#runs || this.#tree?.kill());
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

  /** However many imports there are: each is to be done by then. */
  #allowTime(): void {
    this.#deadline?.();
    this.#deadline = this.#platform.clock.after(this.#with.deadlineMs, () => {
      this.#fail(`it takes too long${this.#at === "" ? "" : ` to import ${this.#at}`}`);
    });
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
    const listeners = this.#listeners;
    if (listeners === null) {
      const how = status.kind === "exited" ? `status ${status.code}` : status.signal;
      return this.#failSoon(`it ended with ${how}`);
    }
    this.#hasExited = true;
    this.#late?.();
    const why = this.#isRestarted ? null : whyNotRun(this.#platform, this.#with, status);
    const isIt = () => why !== null && (why.isCertain || !this.#runs);
    if (why === null || !isIt()) return listeners.onExit(status);
    const end = () => {
      if (isIt()) this.#isRestarted = this.#startCold(why.text, listeners);
      if (!this.#isRestarted) listeners.onExit(status);
    };
    if (why.isCertain) end();
    else this.#platform.clock.after(LAST_WORDS_MS, end); // That it runs may still be on its way.
  }

  /** Starts the program anew in place of a process that has not run it; false where it cannot, or is not to. */
  #startCold(why: string, listeners: ProcessListeners): boolean {
    if (listeners.mayRestart?.() === false) return false;
    const onExit = (status: ExitStatus) => this.#exited(status);
    const its = { ...listeners, env: this.#env, onExit };
    const pid = startInstead(this.#platform, this.#with, why, its);
    if (pid !== null) listeners.onRestart?.(pid);
    return pid !== null;
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
      onClose: () => this.#closed(),
    };
  }

  /** One that is let go has heard it then: closed from here before, the connection would take that with it. */
  #closed(): void {
    if (this.#state === "released") {
      this.#settle();
      if (this.#runs || this.#hasExited) return;
      this.#late = this.#platform.clock.after(UNSAID_MS, () => this.#runs = true);
      return;
    }
    this.#platform.clock.after(LAST_WORDS_MS, () => this.#fail("it has closed its connection"));
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
    if (kind === "at" && state === "warming") {
      this.#at = first;
      this.#allowTime();
    } else if (kind === "cut" && state === "warming") {
      this.end();
      this.#with.onWarmed({ type: "cut", imports: Number(first), why: second });
    } else if (kind === "leave" && state === "warming") {
      this.end();
      this.#with.onWarmed({ type: "leave", path: first, why: second });
    } else if (kind === "parked" && state === "warming") {
      this.#state = "parked";
      this.#deadline?.();
      this.#with.onWarmed({ type: "parked", modules: Number(second), tookMs: Number(third) });
    } else if (kind === "stale" && state === "parked") this.#fail(first);
    else if (kind === "runs" && state === "released") this.#runs = true;
    else if (kind !== "fresh") this.#fail("it says what nobody understands");
  }

  /** What is not the same interpreter, at the same place, could be any program: it must not go on. */
  #identify(identity: Identity | null): void {
    const { learned, cut, left, learnFolder, watched: { roots, others } } = this.#with;
    if (identity === null || !isSame(identity, learned.identity)) {
      return this.#fail("another process than before reports");
    }
    this.#state = "warming";
    this.#pid = identity.pid;
    const own = left === null ? [] : [["own", ...left]];
    this.#send("warm", learned.path, String(cut), learnFolder, roots, others, ...own);
  }
}
