/**
 * Plays baton's side of a transcript to a client, and holds what the client says against the other side of
 * it: the same messages in the same order. Numbers of processes, times, and texts for people are its own.
 */
import { assert, assertEquals } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { dirname } from "@std/path";
import type { FromProgram } from "../../lib/protocol/message.ts";
import { createHash } from "node:crypto";
import { FakeBaton, type Participant } from "../support/fake_baton.ts";
import { Running } from "../support/running.ts";
import { type Entry, PROJECT, type Transcript } from "../wire/transcript.ts";
import { type Client, programOf } from "./manifest.ts";

/** The programs of the suite, prepared once for a client. */
export class Suite implements Disposable {
  readonly #client: Client;
  readonly #folder = Deno.makeTempDirSync({ prefix: "baton-conformance-" });
  #isPrepared = false;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Rejects with what differs. */
  async play({ program, entries }: Transcript): Promise<void> {
    const generations = new Set(entries.map(({ generation }) => generation));
    let state: unknown;
    for (const generation of generations) {
      const own = entries.filter((each) => each.generation === generation);
      state = await this.#playGeneration(program, own, state);
    }
  }

  /** One of the programs, as baton starts it. */
  run(program: string, env: Record<string, string>): Running {
    this.#prepare();
    const { folder, runtime: { command } } = this.#client;
    const [name, ...args] = command.map((word) => this.#filled(word));
    const own = { ...env, ...injectionOf(this.#client) };
    return new Running([programOf(name!), ...args, program], own, folder);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }

  #prepare(): void {
    const { folder, runtime: { prepare } } = this.#client;
    if (this.#isPrepared || prepare === undefined) return;
    const [command, ...args] = prepare.map((word) => this.#filled(word));
    const { success, stderr } = new Deno.Command(programOf(command!), { args, cwd: folder })
      .outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    this.#isPrepared = true;
  }

  #filled(word: string): string {
    return word.replaceAll("{folder}", this.#folder);
  }

  /** Gives the state that the next generation resumes from. */
  async #playGeneration(
    program: string,
    entries: readonly Entry[],
    resumed: unknown,
  ): Promise<unknown> {
    await using baton = new FakeBaton();
    await using running = this.run(program, baton.env);
    const sides = new Map<number, Side>();
    for (const entry of inTwoParts(entries)) {
      if (!("participant" in entry)) continue;
      const side = sides.get(entry.participant) ?? new Side(await baton.accept(), baton);
      sides.set(entry.participant, side);
      await side.play(entry, resumed);
    }
    const { ended, printed, left } = entries.find((each) => "ended" in each)!;
    const { code, lines, stderr } = await running.end();
    assertEquals(code, ended, stderr);
    if (printed !== undefined) assertEquals(lines.sort(), printed.toSorted(), stderr);
    const out = sides.get(1)?.unasked ?? baton.out;
    if (left !== undefined) assertEquals(stateAt(out), left);
    return sides.get(1)?.saved;
  }
}

/** Baton's side towards one participant. */
class Side {
  readonly #participant: Participant;
  readonly #baton: FakeBaton;
  /** Where the client was asked to save last. */
  #out: string;
  #hasFailed = false;
  saved: unknown;
  /** Where it saves what nobody asked for. */
  unasked: string;

  constructor(participant: Participant, baton: FakeBaton) {
    this.#participant = participant;
    this.#baton = baton;
    this.#out = this.unasked = baton.out;
  }

  async play(entry: Exclude<Entry, { readonly ended: number }>, resumed: unknown): Promise<void> {
    if ("sends" in entry) await this.#send(entry.sends);
    else if ("baton" in entry) {
      const message = JSON.parse(this.#here(JSON.stringify(entry.baton)));
      if (message.out !== undefined) this.#askFor(message.out);
      if (message.type === "start") this.unasked = this.#out;
      if (message.stateFile) leaveState(message.stateFile, entry.state ?? JSON.stringify(resumed));
      await this.#send(JSON.stringify(message));
    } else if ("program" in entry) await this.#expect(entry);
    else if ("closed" in entry && entry.closed === "baton") this.#participant.hangUp();
    else await this.#expectEnd();
  }

  #send(line: string): Promise<void> {
    return this.#participant.sendBytes(new TextEncoder().encode(`${line}\n`));
  }

  #here(text: string): string {
    return text.replaceAll(PROJECT, this.#baton.folder);
  }

  #askFor(out: string): void {
    this.#out = out;
    if (!out.includes("/missing/")) ensureDirSync(dirname(out));
  }

  async #expect({ program, state }: Said): Promise<void> {
    const said = await this.#participant.next();
    assertEquals(comparable(said), comparable(program));
    if (said?.type === "error") this.#hasFailed = true;
    if (said?.type !== "saved") return;
    const bytes = Deno.readFileSync(this.#out);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assertEquals([said.bytes, said.sha256], [bytes.length, sha256], `what is at "${this.#out}"`);
    assertEquals(stateAt(this.#out), state);
    this.saved = state;
  }

  /** Of what could not be understood some clients say more before they leave. */
  async #expectEnd(): Promise<void> {
    let said = await this.#participant.next();
    while (said !== null && this.#hasFailed) said = await this.#participant.next();
    assertEquals(said, null);
    this.#participant.hangUp();
  }
}

type Said = Extract<Entry, { readonly program: unknown }>;

/** Every participant serves before the first is asked to stop. */
function inTwoParts(entries: readonly Entry[]): Entry[] {
  const asked = new Set<number>();
  const ending = entries.filter((entry) => {
    if (!("participant" in entry)) return false;
    if ("baton" in entry && entry.baton.type === "shutdown") asked.add(entry.participant);
    return asked.has(entry.participant);
  });
  return [...entries.filter((each) => !ending.includes(each)), ...ending];
}

/** Without what is a client's own: numbers of processes, times, texts for people, the order of capabilities. */
function comparable(message: FromProgram | null): unknown {
  switch (message?.type) {
    case "hello": {
      const { client, pid, capabilities } = message;
      assert(client !== "" && pid > 0);
      const components = message.components.map(({ serves = false, ...each }) => ({
        ...each,
        serves,
      }));
      return { ...message, client: "", pid: 0, capabilities: capabilities.toSorted(), components };
    }
    case "stopped":
      return { ...message, elapsedMs: 0 };
    case "failed":
      return { ...message, error: message.error !== "" };
    case "declined": {
      const { step, type, why } = message; // Where it is some clients cannot tell.
      return { step, type, why: why !== "" };
    }
    case "refused":
      return { ...message, why: message.why !== "" };
    case "error":
      return { ...message, message: message.message !== "" };
    case "saved": // Held against the file.
      return { ...message, bytes: 0, sha256: "" };
    default:
      return message;
  }
}

function leaveState(path: string, text: unknown): void {
  ensureDirSync(dirname(path));
  Deno.writeTextFileSync(path, String(text));
}

function stateAt(path: string): unknown {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** What baton does so that the client is found. */
function injectionOf({ folder, inject }: Client): Record<string, string> {
  return inject === undefined ? {} : { [inject.variable]: `${folder}/${inject.path}` };
}
