import { assert, assertEquals } from "@std/assert";
import { compared, type Policy } from "../../lib/decide/context.ts";
import type { Effect } from "../../lib/decide/effect.ts";
import type { Event, Timer } from "../../lib/decide/event.ts";
import type { Fact } from "../../lib/decide/fact.ts";
import { type Generation, isRetired } from "../../lib/decide/generation.ts";
import { initialMachine, type Machine, transition } from "../../lib/decide/machine.ts";
import type { Reading } from "../../lib/state/envelope.ts";

/** How the program behaves that a piece of content makes. */
export const CONTENTS = [
  "overlapping",
  "silent",
  "broken",
  "dies opened",
  "exclusive",
  "cannot start",
  "no barrier",
  "left to others",
  "saving",
  "saving in turn",
  "leaves a file",
  "built",
  "built overlapping",
  "built exclusive",
  "built, leaves a file",
  "build fails",
  "updating",
] as const;
export type Content = typeof CONTENTS[number];

const CAPABILITIES: Partial<Record<Content, readonly string[]>> = {
  "exclusive": ["handoff", "exclusive"],
  "built exclusive": ["handoff", "exclusive"],
  "no barrier": [],
  "saving": ["handoff", "checkpoint"],
  "saving in turn": ["checkpoint"],
  "updating": ["handoff", "notify", "recycle"],
};

const DUMB = ["silent", "broken", "leaves a file", "built", "built, leaves a file", "build fails"];
const FAILS = ["broken", "build fails"];

/** Whether it is built at its start. */
const builds = (content: Content) => content.startsWith("buil");

/** What a save may ask for, by the number of its rule. */
export const RULES: Policy["rules"] = [
  { match: "*", do: "notify", commands: [] },
  { match: "*", do: "reload", commands: [] },
  { match: "*", do: "recycle", commands: [] },
  { match: "*", do: "run", commands: ["make", "make check"] },
];
export const [NOTIFY, RELOAD, RECYCLE, RUN] = [0, 1, 2, 3];

interface Process {
  readonly number: number;
  /** What was on the disk when it was spawned: a version and a behaviour. */
  version: number;
  content: Content;
  /** Which request to take a change it has not answered. */
  step: number | null;
  /** Its leader has ended, and it goes on in others of its tree. */
  left: boolean;
  /** What it runs is built, and it was let run. */
  built: boolean;
  executed: boolean;
  hello: boolean;
  ready: boolean;
  opened: boolean;
  /** Asked for a checkpoint. */
  saves: boolean;
  asked: boolean;
  released: boolean;
  exited: boolean;
  /** Asked to come to the end of what it has begun. */
  drains: boolean;
  /** Asked to stop by a signal. */
  signaled: boolean;
}

export const POLICY: Policy = {
  handoff: "auto",
  proxy: null,
  bootTimeoutMs: 30_000,
  hookTimeoutMs: 10_000,
  stopTimeoutMs: 5_000,
  signal: "SIGTERM",
  onCrash: "wait",
  exit: false,
  rules: [],
};

export interface WorldOptions {
  /** Why what is `cannot start` cannot be started. */
  readonly code?: "ENOENT" | "EACCES";
  /** A readiness probe was asked for. */
  readonly probed?: boolean;
  /** Called with each transition, by the names of the states. */
  readonly onTransition?: (from: string, event: Event["type"], to: string) => void;
}

/** A disk, processes and a watch around the machine, played by hand or by chance. Its laws are assertions. */
export class World {
  machine: Machine;
  now = 0;
  version = 1;
  content: Content;
  /** The rule for what is saved; undefined where none names it. */
  rule: number | undefined;
  /** A build runs for this version. */
  preparing: number | null = null;
  /** What live was asked to take, and by then had seen. */
  #offered: { readonly seen: number; readonly version: number; readonly content: Content } | null =
    null;
  /** What the watch has looked at. */
  seen: number;
  emitted: number;
  settled = true;
  readonly processes: Process[] = [];
  readonly timers = new Set<Timer>();
  readonly facts: Fact[] = [];
  /** All that was asked to be done. */
  readonly effects: Effect[] = [];
  /** By generation: what the watch had seen when it was spawned. What was written since differs from it. */
  readonly spawnedFrom = new Map<number, number>();
  quit: number | null = null;
  /** Where requests go. */
  route: number | null = null;
  readonly #isProxied: boolean;
  readonly #queue: Event[] = [];
  readonly #code: string;
  readonly #onTransition: (from: string, event: Event["type"], to: string) => void;
  readonly #versions: Content[];

  constructor(content: Content, policy: Partial<Policy> = {}, options: WorldOptions = {}) {
    this.#code = options.code ?? "EACCES";
    this.#onTransition = options.onTransition ?? (() => {});
    this.content = content;
    this.#isProxied = (policy.proxy ?? null) !== null;
    this.#versions = [content];
    this.seen = this.emitted = this.version;
    const isProbed = options.probed ?? this.#isProxied;
    this.machine = initialMachine({ ...POLICY, ...policy }, isProbed, null);
    this.post({ type: "restart", at: this.now });
  }

  /** Those that the machine knows of. */
  get generations(): readonly Generation[] {
    return this.machine.context.generations;
  }

  get living(): Process[] {
    return this.processes;
  }

  /** Those that are not left to themselves to end what they have begun. */
  get unretired(): Process[] {
    const retired = this.generations.filter(isRetired).map(({ number }) => number);
    return this.processes.filter(({ number }) => !retired.includes(number));
  }

  /** The name of the state. */
  state(): string {
    return this.machine.state.name;
  }

  post(event: Event): void {
    this.#queue.push(event);
    if (this.#queue.length > 1) return;
    while (this.#queue.length > 0) {
      const [machine, effects] = transition(this.machine, this.#queue[0]!);
      this.#onTransition(this.state(), this.#queue[0]!.type, machine.state.name);
      this.machine = machine;
      this.effects.push(...effects);
      for (const effect of effects) this.#perform(effect);
      this.#checkLaws();
      this.#queue.shift();
    }
  }

  /** A save of something new. */
  save(content: Content): void {
    this.version = this.#versions.push(content);
    this.content = content;
  }

  /** A save of what a version was, the first being 1. */
  revert(version: number): void {
    this.version = version;
    this.content = this.#versions[version - 1]!;
  }

  get versions(): number {
    return this.#versions.length;
  }

  /** The watch looks, and says what it must. */
  look(): void {
    this.now += 1;
    this.seen = this.version;
    if (this.seen === this.emitted) return;
    this.emitted = this.seen;
    this.settled = false;
    this.#changed();
  }

  /** Files were written and are back before the watch has looked. */
  rewrite(): void {
    const { attempted: generation } = this.machine.context;
    if (generation === null || this.spawnedFrom.get(generation) !== this.seen) return;
    this.post({ type: "rewritten", generation, at: this.now += 1 });
  }

  settle(): void {
    this.look();
    if (this.settled) return;
    this.settled = true;
    this.post({ type: "settled", at: this.now += 1 });
  }

  /** Lets one process do what comes next for it; false where nothing does. */
  progress(process: Process, chance: number): boolean {
    const { number: generation } = process;
    const at = this.now += 1;
    const speaks = !DUMB.includes(process.content);
    if (process.exited) {
      this.processes.splice(this.processes.indexOf(process), 1);
      const leaves = process.content.endsWith("leaves a file") && process.signaled &&
        process.executed;
      const left = leaves ? this.#read(generation, "a") : { found: "missing" } as const;
      this.post({ type: "gone", generation, left, at });
      return true;
    }
    if (process.drains) {
      process.drains = false;
      this.post({ type: "drained", generation, at });
      return true;
    }
    if (FAILS.includes(process.content) || process.released) return this.exit(process, chance % 2);
    if (!process.built) {
      process.built = true;
      this.post({ type: "built", generation, at });
      return true;
    }
    if (!process.executed) return false;
    if (process.content === "left to others" && !process.left) {
      process.left = true;
      const status = { kind: "exited", code: 0 } as const;
      this.post({ type: "exited", generation, status, survivors: 1, lines: [], at });
      return true;
    }
    if (this.#isProxied && !speaks && !process.ready) {
      process.ready = true;
      this.post({ type: "ready", generation, participant: null, holds: [], at });
      return true;
    }
    if (speaks && !process.hello) {
      process.hello = true;
      const capabilities = CAPABILITIES[process.content] ?? ["handoff"];
      const said = { participant: 0, pid: 100, capabilities, components: [], listens: [] };
      this.post({ type: "hello", generation, ...said, at });
      return true;
    }
    if (process.content === "no barrier" && !process.ready) {
      process.ready = true;
      this.post({ type: "ready", generation, participant: 0, at });
      return true;
    }
    if (process.opened && process.content === "dies opened") return this.exit(process, 1);
    const live = this.generations.find(({ number }) => number === generation);
    if (process.step !== null) return this.answerStep(process, chance);
    if (process.saves) {
      process.saves = false;
      return this.answerCheckpoint(process, chance);
    }
    if (process.asked) {
      process.asked = false;
      return this.answer(process, chance);
    }
    if (process.opened && live?.readyAt === null && !process.ready) {
      process.ready = true;
      this.post({ type: "ready", generation, participant: 0, at });
      return true;
    }
    return false;
  }

  exit(process: Process, code: number): boolean {
    if (process.exited) return false;
    process.exited = true;
    if (process.left) return true;
    const { number: generation } = process;
    const status = { kind: "exited", code } as const;
    this.post({ type: "exited", generation, status, survivors: 0, lines: [], at: this.now += 1 });
    return true;
  }

  /** It closes its pipe, and goes on. */
  hangUp({ number: generation, hello }: Process): void {
    if (hello) this.post({ type: "disconnected", generation, participant: 0, at: this.now += 1 });
  }

  /** By chance, it refuses to take the change. */
  answerStep(process: Process, chance: number): boolean {
    const { number: generation, step } = process;
    process.step = null;
    const said = { generation, participant: 0, step: step!, at: this.now };
    if (chance % 6 === 0) this.post({ ...said, type: "declined", why: "It is not JSON", line: 3 });
    else this.post({ ...said, type: "done" });
    return true;
  }

  /** The commands come to their end. */
  endCommands(code = 0): void {
    if (this.preparing === null) return;
    this.preparing = null;
    const at = this.now += 1;
    const status = { kind: "exited", code } as const;
    if (code === 0) this.post({ type: "prepared", at });
    else this.post({ type: "command failed", command: "make", status, lines: [], at });
  }

  answerCheckpoint({ number: generation }: Process, chance: number): boolean {
    const said = { generation, participant: 0, at: this.now };
    if (chance % 6 === 0) this.post({ ...said, type: "refused", why: "It cannot be written" });
    else {
      const sha256 = (chance % 6 === 1 ? "b" : "a").repeat(64);
      this.post({ ...said, type: "saved", kind: "checkpoint", bytes: 1, sha256 });
    }
    return true;
  }

  answer(process: Process, chance: number): boolean {
    const { number: generation } = process;
    const said = { generation, participant: 0, at: this.now };
    switch (chance % 6) {
      case 0:
        this.post({ ...said, type: "refused", why: "not now" });
        return true;
      case 1:
        return this.exit(process, 1);
      case 2:
        this.post({ ...said, type: "disconnected" });
        return true;
      default: {
        const sha256 = (chance % 6 === 3 ? "b" : "a").repeat(64);
        this.post({ ...said, type: "saved", kind: "final", bytes: 1, sha256 });
        return true;
      }
    }
  }

  fire(timer: Timer): void {
    this.timers.delete(timer);
    this.post({ type: "deadline", timer, at: this.now += 10_000 });
  }

  #changed(): void {
    const differs = new Map(
      compared(this.machine.context).map((number) => [
        number,
        this.spawnedFrom.get(number) === this.seen ? [] : ["app.py"],
      ]),
    );
    const ruled = new Map(this.rule === undefined ? [] : [["app.py", this.rule] as const]);
    const about = { at: this.now, firstAt: this.now, paths: ["app.py"] };
    this.post({ type: "changed", ...about, differs, ruled });
  }

  #perform(effect: Effect): void {
    const process = "generation" in effect
      ? this.processes.find(({ number }) => number === effect.generation)
      : undefined;
    switch (effect.type) {
      case "spawn":
        assert(this.unretired.length < 2, "a third generation was spawned");
        this.spawnedFrom.set(effect.generation, this.seen);
        if (this.content === "cannot start") {
          const { generation } = effect;
          this.post({
            type: "spawn failed",
            generation,
            code: this.#code,
            why: "no",
            at: this.now,
          });
          return;
        }
        this.post({
          type: "spawned",
          generation: effect.generation,
          builds: builds(this.content),
          at: this.now,
        });
        this.processes.push({
          number: effect.generation,
          version: this.version,
          content: this.content,
          left: false,
          built: !builds(this.content),
          executed: !builds(this.content),
          hello: false,
          ready: false,
          opened: false,
          step: null,
          saves: false,
          asked: false,
          released: false,
          exited: false,
          drains: false,
          signaled: false,
        });
        return;
      case "execute": {
        const follows = this.generations.find(({ number }) => number === effect.generation)
          ?.arrival;
        const others = this.processes.filter((one) => one !== process);
        if (follows?.mode === "built") assertEquals(others, [], "another runs");
        if (process) process.executed = true;
        return;
      }
      case "open": {
        const others = this.processes.filter((one) => one.opened && one !== process);
        assertEquals(others, [], "two generations serve");
        if (process) process.opened = true;
        return;
      }
      case "step": {
        const { seen, version, content } = this;
        if (process) process.step = effect.step;
        this.#offered = { seen, version, content };
        return;
      }
      case "adopt":
        this.spawnedFrom.set(effect.generation, this.#offered!.seen);
        if (process) Object.assign(process, this.#offered);
        return;
      case "prepare":
        assert(this.preparing === null, "two builds run");
        this.spawnedFrom.set(effect.generation, this.seen);
        this.preparing = effect.generation;
        return;
      case "end preparing":
        this.preparing = null;
        return;
      case "checkpoint":
        if (process) process.saves = true;
        return;
      case "ask":
        if (process) process.asked = true;
        return;
      case "route":
        assert(process && !process.released, `requests go to ${effect.generation}, which ends`);
        this.route = effect.generation;
        return;
      case "drain":
        if (process) process.drains = true;
        return;
      case "signal":
        if (process) process.signaled = process.released = true;
        return;
      case "release":
      case "kill":
        if (process) process.released = true;
        return;
      case "check":
        this.post({
          type: "checked",
          generation: effect.claim.generation,
          kind: effect.claim.kind,
          reading: this.#read(effect.claim.generation, effect.claim.sha256),
          at: this.now,
        });
        return;
      case "timer":
        this.timers.add(effect.timer);
        return;
      case "cancel":
        this.timers.delete(effect.timer);
        return;
      case "compare": {
        const { attempted } = this.machine.context;
        if (attempted === null || this.spawnedFrom.get(attempted) === this.seen) return;
        this.#changed();
        if (this.settled) this.post({ type: "settled", at: this.now });
        return;
      }
      case "report":
        this.facts.push(effect.fact);
        return;
      case "quit":
        this.quit = effect.status;
    }
  }

  #read(generation: number, sha256: string): Reading {
    const path = `state-${generation}`;
    if (sha256.startsWith("b")) return { found: "corrupt", path, why: "has another hash" };
    const kind = "final" as const;
    const reason = "change";
    const envelope = { format: 1, sizeBytes: 1, sha256, generation, kind, savedAt: 0, reason };
    return { found: "good", path, envelope };
  }

  #checkLaws(): void {
    const known = this.generations.map(({ number }) => number);
    const retired = this.generations.filter(isRetired).length;
    assert(known.length <= 2 + retired && retired <= 4, `known are ${known.join(", ")}`);
    for (const { number } of this.processes) {
      assert(known.includes(number) || this.quit === null, `baton ended before ${number} was gone`);
    }
  }
}
