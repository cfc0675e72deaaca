import type { FakePlatform } from "./fake_platform.ts";
import type { FakeProcess } from "./fake_processes.ts";
import type { Connection } from "../../lib/platform/platform.ts";
import type { FromBaton, FromProgram } from "../../lib/protocol/message.ts";

/** How a program that a test plays behaves; each may be changed while it runs. */
export interface Behaviour {
  /** What it offers; null: it never says hello. */
  readonly capabilities: readonly string[] | null;
  /** The state that it saves when it is asked to; null: it never answers. */
  readonly state: string | null;
  /** Answers what baton sends, in place of what is usual; false where it leaves that to it. */
  readonly onMessage?: (program: PlayedProgram, message: FromBaton) => boolean;
}

const decoder = new TextDecoder();

/** A process of the fake platform that speaks the protocol over its pipe, and does what it is told. */
export class PlayedProgram {
  /** What baton has sent, in order. */
  readonly heard: FromBaton[] = [];
  #connection: Connection | null = null;

  constructor(
    readonly platform: FakePlatform,
    readonly process: FakeProcess,
    readonly behaviour: Behaviour,
  ) {
    process.onSignal = () => queueMicrotask(() => process.exit());
    if (behaviour.capabilities !== null) this.join(behaviour.capabilities);
  }

  get generation(): number {
    return Number(this.process.request.env.BATON_GENERATION);
  }

  /** The state that it was started with, or let start with. */
  get resumed(): string | null {
    const start = this.heard.findLast((message) => message.type === "start");
    return start?.stateFile ? this.platform.files.readText(start.stateFile) : null;
  }

  /** Connects, and says hello. */
  async join(capabilities: readonly string[]): Promise<void> {
    let text = "";
    this.#connection = await this.platform.pipes.connect(this.process.request.env.BATON_PIPE!, {
      onBytes: (bytes) => {
        const lines = (text + decoder.decode(bytes)).split("\n");
        text = lines.pop()!;
        for (const line of lines) this.#hear(JSON.parse(line));
      },
      onClose: () => this.#connection = null,
    });
    const { pid } = this.process;
    this.say({
      ...{ type: "hello", protocol: 1, pid, client: "played", components: [] },
      capabilities: [...capabilities],
    });
  }

  say(message: FromProgram): void {
    this.#connection?.write(new TextEncoder().encode(JSON.stringify(message) + "\n"));
  }

  /** Writes this state, and says so. */
  save(kind: "final" | "checkpoint", out: string, state: string): void {
    const { files } = this.platform;
    files.writeAtomically(out, state);
    const bytes = new TextEncoder().encode(state);
    this.say({
      type: "saved",
      kind,
      bytes: bytes.length,
      sha256: this.platform.sha256(bytes),
    });
  }

  exit(code = 0): void {
    this.#connection?.end();
    this.process.exit(code);
  }

  #hear(message: FromBaton): void {
    this.heard.push(message);
    if (this.behaviour.onMessage?.(this, message)) return;
    const { state } = this.behaviour;
    if (message.type === "start") this.say({ type: "ready" });
    if (message.type === "shutdown" && state !== null) this.save("final", message.out, state);
    if (message.type === "checkpoint" && state !== null) {
      this.save("checkpoint", message.out, state);
    }
    if (message.type === "exit") this.exit();
  }
}
