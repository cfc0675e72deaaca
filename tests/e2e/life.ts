/** The life example in a project of its own, and clients that live with it. */
import { copySync } from "@std/fs/copy";
import { walkSync } from "@std/fs/walk";
import { freePort } from "../support/free_port.ts";
import type { Patience } from "../support/hammer.ts";
import { pause } from "../support/pause.ts";
import { Project } from "./baton.ts";

const example = new URL("../../examples/life/", import.meta.url).pathname;

/** What `/state` tells, and when it was asked and heard, by this process's clock. */
export interface Told {
  readonly askedAt: number;
  readonly heardAt: number;
  readonly version: number;
  readonly pid: number;
  readonly generation: number;
  readonly loops: number;
  readonly same_class: boolean;
  readonly queued: number;
  readonly processed: number;
  readonly ticks: number;
  readonly histories: Readonly<Record<string, readonly [tick: number, value: number][]>>;
}

/** A copy of the example, to be edited while it runs. */
export class LifeProject extends Project {
  readonly port = freePort();
  readonly url = `http://127.0.0.1:${this.port}`;

  constructor() {
    super();
    for (const { path, name } of walkSync(example, { exts: [".py"], includeDirs: false })) {
      copySync(path, this.path(name));
    }
  }

  async post(path: string, body: unknown): Promise<Response> {
    return await fetch(this.url + path, { method: "POST", body: JSON.stringify(body) });
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.url + path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  }

  async state(): Promise<Told> {
    const askedAt = performance.now();
    const told = await this.get<Told>("/state");
    return { ...told, askedAt, heardAt: performance.now() };
  }
}

/** Asks for the state and posts events, side by side. */
export class Load implements AsyncDisposable {
  readonly told: Told[] = [];
  /** Ids of the events answered with 202. */
  readonly accepted: number[] = [];
  retries = 0;
  /** Requests that failed and are about to be tried again. */
  waiting = 0;
  failure: Error | null = null;
  #stopped = false;
  readonly #going: Promise<unknown>;

  constructor(readonly life: LifeProject, readonly patience: Patience) {
    this.#going = Promise.all([
      this.#repeat(async () => void this.told.push(await life.state())),
      this.#repeat(() => this.#post()),
    ]).catch((error) => this.failure = error);
  }

  /** The newest answer; throws what failed for good. */
  get last(): Told | undefined {
    if (this.failure !== null) throw this.failure;
    return this.told.at(-1);
  }

  /** Asks no more; throws what failed for good. */
  async stop(): Promise<void> {
    await this[Symbol.asyncDispose]();
    if (this.failure !== null) throw this.failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#going;
  }

  async #post(): Promise<void> {
    const response = await this.life.post("/events", { kind: "food", strength: 0.1 });
    const { id } = await response.json();
    if (response.status !== 202) throw new Error(`An event was answered with ${response.status}`);
    this.accepted.push(id);
  }

  async #repeat(act: () => Promise<void>): Promise<void> {
    while (!this.#stopped && this.failure === null) {
      await this.#patiently(act, 1);
      await pause(8);
    }
  }

  async #patiently(act: () => Promise<void>, attempt: number): Promise<void> {
    try {
      return await act();
    } catch (error) {
      if (attempt === this.patience.attempts) throw error;
    }
    this.retries += 1;
    this.waiting += 1;
    await pause(this.patience.pauseMs);
    this.waiting -= 1;
    await this.#patiently(act, attempt + 1);
  }
}
