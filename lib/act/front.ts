import type { Event } from "../decide/event.ts";
import type { Fact } from "../decide/fact.ts";
import type { Explanation } from "../errors.ts";
import type { Cancel, Platform } from "../platform/platform.ts";
import type { Child } from "./child.ts";
import type { ChildEvent } from "./child_event.ts";
import type { Gateway } from "./gateway.ts";
import { named } from "./named.ts";

/** By then a program that serves elsewhere does so, and whoever waits for it wants to know. */
const EARLY_MS = 3_000;

/** What a generation is told by, and found at, where something stands in front of it. */
export interface FrontOptions {
  readonly platform: Pick<Platform, "sockets" | "clock">;
  readonly gateway: Gateway | null;
  readonly children: ReadonlyMap<number, Child>;
  post(event: Event): void;
  onTrouble(trouble: Explanation): void;
}

/** The generations behind what stands in front of them; where nothing does, all this does nothing. */
export class Front {
  readonly #with: FrontOptions;
  readonly #looks = new Map<number, Cancel>();
  #hasTold = false;

  constructor(options: FrontOptions) {
    this.#with = options;
  }

  /** The port that a generation has of its own; null where it has none. */
  portOf(generation: number): number | null {
    return this.#with.gateway?.portOf(generation) ?? null;
  }

  started(generation: number): void {
    const { gateway, platform } = this.#with;
    if (gateway === null) return;
    gateway.started(generation);
    const look = () => this.#tellElsewhere(generation, false);
    this.#looks.set(generation, platform.clock.after(EARLY_MS, look));
  }

  /** That it answers, and what it listens on beside its own port. */
  ready(generation: number): Omit<Extract<Event, { type: "ready" }>, "at"> {
    const ready = { type: "ready", generation, participant: null } as const;
    const port = this.portOf(generation);
    this.#forget(generation);
    const { children } = this.#with;
    if (port === null || children.size > 1) return ready;
    const listening = children.get(generation)?.listening() ?? [];
    return { ...ready, holds: listening.filter((place) => place !== `port ${port}`) };
  }

  /** The same, with what of another generation its last lines name. */
  hear(generation: number, event: ChildEvent): ChildEvent {
    if (event.type !== "exited") return event;
    for (const [other, child] of this.#with.children) {
      if (other === generation) continue;
      const processes = () => child.processes({ again: true });
      const names = named(event.lines, { processes, port: this.portOf(other) });
      if (names !== null) return { ...event, names: `${names} of generation ${other}` };
    }
    return event;
  }

  route(generation: number): void {
    this.#with.gateway?.route(generation);
  }

  drain(generation: number): void {
    const { gateway, platform, post } = this.#with;
    gateway?.drain(
      generation,
      () => post({ type: "drained", generation, at: platform.clock.now() }),
    );
  }

  leave(generation: number): void {
    this.#with.gateway?.leave(generation);
  }

  gone(generation: number): void {
    this.#forget(generation);
    this.#with.gateway?.gone(generation);
  }

  /** Says why one has not become ready in time, where that can be seen. */
  explain(fact: Fact): void {
    const isLate = fact.type === "late" ||
      (fact.type === "candidate failed" && fact.why === "late");
    if (isLate) this.#tellElsewhere(fact.generation, true);
  }

  close(): void {
    for (const generation of [...this.#looks.keys()]) this.#forget(generation);
  }

  #forget(generation: number): void {
    this.#looks.get(generation)?.();
    this.#looks.delete(generation);
  }

  #tellElsewhere(generation: number, isLate: boolean): void {
    const { platform, children, onTrouble } = this.#with;
    const port = this.portOf(generation);
    const child = children.get(generation);
    if (port === null || child === undefined || this.#hasTold) return;
    const ports = platform.sockets.ports(child.processes({ again: true }));
    if (ports.includes(port) || (ports.length === 0 && !isLate)) return;
    this.#hasTold = true;
    const instead = ports.length === 0 ? "" : `; it listens on port ${ports.join(", ")} instead`;
    onTrouble({
      what: `Generation ${generation} does not listen on port ${port}, which is its own${instead}`,
      next: 'Let it listen on the port that PORT holds, or write "{port}" in the command',
    });
  }
}
