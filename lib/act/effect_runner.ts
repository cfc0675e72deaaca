import type { Effect, EffectOf } from "../decide/effect.ts";
import type { Event } from "../decide/event.ts";
import type { Fact } from "../decide/fact.ts";
import type { TerminalSignal } from "../platform/platform.ts";
import type { Gate } from "../gate/gate.ts";
import type { Standby } from "../standby/standby.ts";
import type { ProgramProcesses } from "../watch/outputs/program_outputs.ts";
import { gateOf, standbyOf, timersOf, withStandby } from "./ahead.ts";
import { Commands } from "./commands.ts";
import { Child, type ChildRequest } from "./child.ts";
import { childRequest } from "./child_request.ts";
import { type ChildEvent, spawnFailed } from "./child_event.ts";
import { StateTransfer } from "./state_transfer.ts";
import { WriteBehind } from "./write_behind.ts";
import { HeldHello } from "./held_hello.ts";
import { Greetings } from "./greetings.ts";
import { Messenger } from "./messenger.ts";
import { NextEndpoint } from "./next_endpoint.ts";
import type { Front } from "./front.ts";
import { Probes, probesOf } from "./probe.ts";
import { ProgramSockets } from "./program_sockets.ts";
import { ReadBack } from "./read_back.ts";
import type { RunnerOptions } from "./runner_options.ts";
import type { Timers } from "./timers.ts";

/** Does what was decided: it decides nothing itself. */
export class EffectRunner {
  readonly #with: RunnerOptions;
  readonly #children = new Map<number, Child>();
  readonly #timers: Timers;
  readonly #transfer: StateTransfer;
  readonly #writes: WriteBehind;
  readonly #probes: Probes;
  readonly #readBack: ReadBack;
  readonly #messenger: Messenger;
  readonly #greetings: Greetings;
  readonly #nextEndpoint: NextEndpoint;
  readonly #sockets: ProgramSockets;
  readonly #front: Front;
  /** Null where none was asked for. */
  readonly #standby: Standby | null;
  /** Null where none is wanted. */
  readonly #gate: Gate | null;
  readonly #commands: Commands;

  constructor(options: RunnerOptions) {
    this.#with = options;
    const { platform, store, record, pipeFolder, onTrouble } = options;
    const { clock } = platform;
    this.#nextEndpoint = new NextEndpoint(platform, pipeFolder, onTrouble);
    this.#transfer = new StateTransfer(options);
    this.#messenger = new Messenger(this.#children, this.#transfer, store, clock);
    this.#greetings = new Greetings(clock, record, this.#transfer, this.#messenger);
    const oldest = () => Math.min(...this.#children.keys());
    this.#writes = new WriteBehind(this.#transfer, record, clock, oldest);
    this.#readBack = new ReadBack(
      (claim) => this.#transfer.check(claim),
      clock,
      ({ generation, kind }, reading) => {
        this.#post({ type: "checked", generation, kind, reading });
        if (kind === "final" || reading.found === "good") this.#writes.soon();
      },
    );
    this.#sockets = new ProgramSockets(options, this.#children);
    this.#front = this.#sockets.front;
    this.#probes = new Probes(
      platform,
      (generation) => probesOf(options.settings.ready, this.#front.portOf(generation)),
      (generation) => this.#post(this.#front.ready(generation)),
    );
    this.#timers = timersOf(
      options,
      (generation) => this.#children.get(generation)?.wake(),
      (timer) => this.#post({ type: "deadline", timer }),
    );
    this.#gate = gateOf(options, (generation) => this.#post({ type: "built", generation }));
    this.#commands = new Commands(options, (event) => this.#post(event));
    this.#standby = standbyOf(
      options,
      (generation) => this.#request(generation, store.resumePath(generation), []),
    );
  }

  /** Opens the pipe of the generation to come, so that spawning it need not wait for that. */
  prepare(generation: number): Promise<void> {
    return this.#nextEndpoint.open(generation);
  }

  /** Files are being changed: what they are for is decided soon. */
  stirred(): void {
    this.#standby?.stirred();
  }

  /** Looks at the processes of every generation while time does not count. */
  lookAhead(): void {
    for (const child of this.#children.values()) child.lookAhead();
  }

  readonly processes: ProgramProcesses = (options) =>
    [...this.#children.values(), this.#commands].flatMap((each) => each.processes(options));

  /** Passes a signal on to every generation, as a terminal would. */
  passOn(signal: TerminalSignal): void {
    for (const child of this.#children.values()) child.signal(signal);
  }

  /** Sends the stop signal to every generation that will not see the pipe end. */
  abandon(): void {
    this.#standby?.close();
    this.#commands.close();
    for (const child of this.#children.values()) {
      if (!child.endpoint.spoke) child.signal(this.#with.settings.signal);
    }
  }

  /** Does what is to be done. */
  run<T extends Effect["type"]>(effect: EffectOf<T>): void {
    this.#performers[effect.type as T](effect);
  }

  /** How each kind of effect is performed: one that nobody performs does not compile. */
  readonly #performers: { readonly [T in Effect["type"]]: (effect: EffectOf<T>) => void } = {
    "spawn": (effect) => this.#spawn(effect),
    "lay out": ({ generation, state }) => this.#writes.layOutSoon(generation, state),
    "execute": ({ generation, state }) => {
      this.#transfer.handOver(generation, state);
      this.#gate?.execute(generation);
    },
    "open": (effect) => {
      this.#writes.layOutNow();
      this.#messenger.open(effect);
    },
    "route": ({ generation }) => this.#front.route(generation),
    "drain": ({ generation }) => this.#front.drain(generation),
    "ask": (effect) => {
      this.#sockets.ask(effect);
      this.#messenger.ask(effect);
    },
    "checkpoint": (effect) =>
      this.#messenger.askForCheckpointSoon(effect, (of) => this.#sockets.lookAhead(of)),
    "step": (effect) => this.#messenger.step(effect, this.#with.ladder),
    "adopt": (effect) => this.#with.ladder.adopted(effect),
    "prepare": (effect) => this.#commands.start(effect),
    "end preparing": () => this.#commands.close(),
    "check": ({ claim }) => this.#readBack.check(claim),
    "release": ({ generation }) => this.#children.get(generation)?.release(),
    "signal": ({ generation }) => {
      this.#sockets.signal(generation);
      this.#messenger.makeRoom(generation);
      this.#children.get(generation)?.stop(this.#with.settings.signal);
    },
    "kill": ({ generation }) => {
      this.#front.leave(generation);
      this.#children.get(generation)?.kill();
    },
    "probe": ({ generation }) => this.#children.has(generation) && this.#probes.start(generation),
    "timer": ({ timer, ms }) => this.#timers.set(timer, ms),
    "cancel": ({ timer }) => this.#timers.cancel(timer),
    "compare": () => this.#with.onCompare(),
    "report": ({ fact }) => this.#report(fact),
    "quit": ({ status }) => this.#quit(status),
  };

  #post(event: Event extends infer E ? E extends Event ? Omit<E, "at"> : never : never): void {
    this.#with.post({ ...event, at: this.#with.platform.clock.now() } as Event);
  }

  /** How a generation is started: `stateFile` and `changed` are known where it is. */
  #request(generation: number, stateFile: string, changed: readonly string[]): ChildRequest {
    const { platform, settings, store, env, mark, sockets, layOutClients: inject } = this.#with;
    const inherited = { ...this.#with.envFiles?.(), ...env };
    const environment = {
      inherited,
      gate: this.#gate?.open(generation, settings, inherited, changed) ?? undefined,
      generation,
      startedAt: platform.clock.wallNow(),
      pipe: this.#nextEndpoint.take(generation).address,
      stateFile,
      stateOut: store.outPath(generation),
      changed,
      injections: this.#transfer.tolerate("inject", () => inject(this.#standby?.isInUse)) ?? [],
    };
    const [isAlone, port] = [this.#children.size === 0, this.#front.portOf(generation)];
    return childRequest(platform, settings, mark, environment, isAlone, sockets, port);
  }

  #spawn({ generation, changed, state }: EffectOf<"spawn">): void {
    const { platform, store, record, sockets, ladder } = this.#with;
    const endpoint = this.#nextEndpoint.take(generation);
    const hello = new HeldHello(platform.clock, () => ladder.heard(), (event) => {
      this.#sockets.hear(generation, event);
      this.#post({ ...this.#front.hear(generation, event), generation });
      if (event.type !== "hello") return;
      if (event.capabilities.includes("exclusive")) this.#standby?.turnOff("it runs exclusively");
      this.#greetings.hear(generation, this.#children.size === 1);
    });
    const emit = (event: ChildEvent) => hello.hear(event, this.#children.size > 1);
    this.#with.onSpawn(generation);
    if (this.#children.size === 0) sockets.setBlocking();
    const laidOut = this.#transfer.layOut(generation, state);
    try {
      const request = this.#request(generation, laidOut ?? store.resumePath(generation), changed);
      const start = this.#standby?.start(generation, request, ladder.withTaken(changed)) ?? {};
      const child = new Child(
        platform,
        { ...request, ...start, output: this.#with.output },
        endpoint,
        emit,
        () => this.#bury(generation),
        (listening, pids) => sockets.taken(listening, pids),
      );
      this.#children.set(generation, child);
      this.#sockets.started(generation);
      emit({ type: "spawned", builds: this.#gate?.started(generation, child.pid) ?? false });
      this.#standby?.started(child.pid);
      this.#transfer.tolerate("write down", () => record.generation(generation, child.pid));
    } catch (error) {
      endpoint.close();
      emit(spawnFailed(error));
    }
    this.#nextEndpoint.openSoon(generation + 1);
  }

  #report(fact: Fact): void {
    this.#front.explain(fact);
    this.#with.onFact(this.#standby === null ? fact : withStandby(this.#standby, fact));
  }

  #bury(generation: number): void {
    const spoke = this.#children.get(generation)?.endpoint.spoke;
    this.#children.delete(generation);
    this.#probes.stop(generation);
    this.#greetings.forget(generation);
    this.#gate?.forget(generation);
    this.#sockets.gone(generation);
    const left = this.#transfer.bury(generation, spoke === true);
    this.#writes.bury(generation);
    this.#post({ type: "gone", generation, left });
  }

  #quit(status: number): void {
    this.#probes.stopAll();
    this.#timers.cancelAll();
    this.#readBack.cancel();
    for (const each of [this.#greetings, this.#sockets]) each.close();
    for (const each of [this.#standby, this.#gate, this.#nextEndpoint]) each?.close();
    this.#writes.now();
    this.#commands.close(() => this.#with.onQuit(status));
  }
}
