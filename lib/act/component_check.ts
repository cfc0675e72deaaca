import type { Fact } from "../decide/fact.ts";
import type { Cancel, ListeningDescriptor, Platform } from "../platform/platform.ts";
import type { ChildEvent } from "./child_event.ts";
import type { HeldSockets } from "./held_sockets.ts";
import { inspectorPorts } from "./inspector_ports.ts";

/** A server may be started well after the program has said that it is ready. */
const LOOKS_MS = [1_000, 5_000, 30_000];

/** What one of several processes of a generation has said of itself. */
interface Said {
  readonly pid: number;
  readonly client: string;
  readonly hasComponents: boolean;
}

/** What the checks are made with. */
export interface ComponentCheckOptions {
  readonly platform: Pick<Platform, "clock" | "sockets" | "processes">;
  readonly sockets: HeldSockets;
  /** Variables of every generation. */
  readonly env: Readonly<Record<string, string>>;
  onFact(fact: Fact): void;
}

/**
 * Looks, some time after a generation is ready, whether the one whose state counts listens and declares nothing
 * that would end it: then it goes on answering once its state is saved. That is told once a generation.
 */
export class ComponentChecks {
  readonly #with: ComponentCheckOptions;
  /** By generation and participant, in the order of their hello. */
  readonly #said = new Map<number, Map<number, Said>>();
  readonly #looks = new Map<number, Cancel>();

  constructor(options: ComponentCheckOptions) {
    this.#with = options;
  }

  hear(generation: number, event: ChildEvent): void {
    if (event.type === "hello") {
      const { participant, pid, client = "", components } = event;
      const said = this.#said.get(generation) ?? new Map<number, Said>();
      this.#said.set(generation, said);
      said.set(participant, { pid, client, hasComponents: components.length > 0 });
    } else if (event.type === "disconnected") {
      this.#said.get(generation)?.delete(event.participant);
    } else if (event.type === "ready" && !this.#looks.has(generation)) {
      this.#lookIn(generation, LOOKS_MS);
    }
  }

  /** It is about to end, or has ended. */
  stop(generation: number): void {
    this.#looks.get(generation)?.();
  }

  gone(generation: number): void {
    this.stop(generation);
    this.#looks.delete(generation);
    this.#said.delete(generation);
  }

  close(): void {
    for (const generation of this.#looks.keys()) this.stop(generation);
  }

  #lookIn(generation: number, [ms, ...later]: readonly number[]): void {
    if (ms === undefined) return;
    const look = () => {
      if (!this.#tell(generation)) this.#lookIn(generation, later);
    };
    this.#looks.set(generation, this.#with.platform.clock.after(ms, look));
  }

  /** Whether there was something to tell. */
  #tell(generation: number): boolean {
    const [first] = this.#said.get(generation)?.values() ?? [];
    if (first === undefined || first.hasComponents) return false;
    const { pid, client } = first;
    const places = [...new Set(this.#serving(pid).map(({ place }) => place))];
    if (places.length === 0) return false;
    this.#with.onFact({ type: "no component", generation, pid, client, listens: places });
    return true;
  }

  /** What it listens on, but for what it has inherited and leaves alone, and what a debugger listens on. */
  #serving(pid: number): ListeningDescriptor[] {
    const { platform, sockets, env } = this.#with;
    const descriptors = platform.sockets.listening([pid]);
    if (descriptors.length === 0) return [];
    const inspected = inspectorPorts(platform.processes.commandLine(pid), env);
    if (inspected === "any") return [];
    const isLeft = ({ inode }: ListeningDescriptor) => {
      const held = sockets.all.find((socket) => socket.inode === inode);
      return held !== undefined && !sockets.use(held, [pid]).isPolled;
    };
    const isInspectors = ({ place }: ListeningDescriptor) =>
      inspected.some((port) => place === `port ${port}`);
    return descriptors.filter((one) => !isLeft(one) && !isInspectors(one));
  }
}
