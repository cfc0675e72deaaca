/**
 * Baton's side of the pipe, played by a test. What a program says is held against the protocol's schemas,
 * unknown fields included; every wait has a deadline.
 */
import {
  type FromBaton,
  type FromProgram,
  type FromProgramOf,
  type Hello,
  messages,
} from "../../lib/protocol/message.ts";
import { within } from "./within.ts";

export class FakeBaton implements AsyncDisposable {
  readonly folder: string = Deno.makeTempDirSync({ prefix: "baton-test-" });
  /** Where the program is to leave its state. */
  readonly out: string = `${this.folder}/state.json`;
  readonly #pipe = `${this.folder}/pipe`;
  readonly #listener = Deno.listen({ transport: "unix", path: this.#pipe });
  readonly #participants: Participant[] = [];

  /** What a program finds in its environment. */
  get env(): Record<string, string> {
    return {
      BATON_VERSION: "0.1.0",
      BATON_GENERATION: "1",
      BATON_PIPE: this.#pipe,
      BATON_STATE_OUT: this.out,
    };
  }

  async accept(): Promise<Participant> {
    const participant = new Participant(await within("a program joins", this.#listener.accept()));
    this.#participants.push(participant);
    return participant;
  }

  /** Writes what the last generation is to have left, and returns where. */
  leave(state: string): string {
    const path = `${this.folder}/resume.json`;
    Deno.writeTextFileSync(path, state);
    return path;
  }

  state(): unknown {
    return JSON.parse(Deno.readTextFileSync(this.out));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const participant of this.#participants) participant.hangUp();
    this.#listener.close();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** One connection of the program. */
export class Participant {
  readonly #connection: Deno.Conn;
  readonly #lines: AsyncIterator<string>;
  #open = true;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
    this.#lines = linesOf(connection);
  }

  async send(message: FromBaton): Promise<void> {
    await this.sendBytes(new TextEncoder().encode(JSON.stringify(message) + "\n"));
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#connection.write(bytes.subarray(sent));
    }
  }

  /** The next message; null where the program has hung up. */
  async next(): Promise<FromProgram | null> {
    const line = await within("the program says something", this.#lines.next());
    if (line.done) return null;
    const message = JSON.parse(line.value);
    const type = message.type as FromProgram["type"];
    return messages().fromProgram[type].strict().parse(message) as FromProgram;
  }

  /** The next message, which must be of this type. */
  async expect<T extends FromProgram["type"]>(type: T): Promise<FromProgramOf<T>> {
    const message = await this.next();
    if (message?.type !== type) {
      throw new Error(`Expected "${type}", the program said ${JSON.stringify(message)}`);
    }
    return message as FromProgramOf<T>;
  }

  /** Everything up to and including a message of this type. */
  async until<T extends FromProgram["type"]>(type: T): Promise<FromProgram[]> {
    const said: FromProgram[] = [];
    do {
      const message = await this.next();
      if (message === null) throw new Error(`No "${type}" after ${JSON.stringify(said)}`);
      said.push(message);
    } while (said.at(-1)!.type !== type);
    return said;
  }

  /** Takes the hello, opens the barrier and waits for `ready`. */
  async start(stateFile: string | null = null): Promise<Hello> {
    const hello = await this.expect("hello");
    await this.open(stateFile);
    await this.until("ready");
    return hello;
  }

  open(stateFile: string | null): Promise<void> {
    return this.send({
      type: "start",
      generation: 2,
      reason: "change",
      changed: ["a.py"],
      stateFile,
    });
  }

  shutDown(out: string, deadlineMs = 10_000): Promise<void> {
    return this.send({ type: "shutdown", reason: "change", changed: ["a.py"], out, deadlineMs });
  }

  hangUp(): void {
    if (this.#open) this.#connection.close();
    this.#open = false;
  }
}

async function* linesOf(connection: Deno.Conn): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const chunk = new Uint8Array(65_536);
  let rest = "";
  for (;;) {
    const count = await connection.read(chunk);
    if (count === null) return;
    const lines = (rest + decoder.decode(chunk.subarray(0, count), { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
