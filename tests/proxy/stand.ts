/** A proxy in front of a program that is played, over real connections. */
import type { Clock } from "../../lib/platform/platform.ts";
import { platform } from "../support/platform.ts";
import { FAULT, openProxy, type Proxy } from "../../lib/proxy/proxy.ts";
import { within } from "../support/within.ts";

const HOST = "127.0.0.1";
const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/** One end of a connection, spoken to in text. */
export class Talk implements Disposable {
  heard = "";
  #isOpen = true;

  constructor(readonly connection: Deno.TcpConn) {}

  async say(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    for (let at = 0; at < bytes.length;) at += await this.connection.write(bytes.subarray(at));
  }

  /** All that is heard up to this, which is taken. */
  async hear(until: string): Promise<string> {
    return await within(`"${until}" after "${this.heard.slice(-200)}"`, this.#hear(until));
  }

  /** All that is heard to the end. */
  async rest(): Promise<string> {
    return await within(
      `the end after "${this.heard.slice(-200)}"`,
      (async () => {
        while (await this.#more());
        const text = this.heard;
        this.heard = "";
        return text;
      })(),
    );
  }

  #listening: Promise<unknown> | null = null;

  /** Hears what comes in `heard`, without waiting for it. */
  listen(): void {
    this.#listening ??= this.#more();
  }

  async #hear(until: string): Promise<string> {
    while (!this.heard.includes(until)) {
      if (!await this.#more()) throw new Error(`Ended after "${this.heard}"`);
    }
    const end = this.heard.indexOf(until) + until.length;
    const text = this.heard.slice(0, end);
    this.heard = this.heard.slice(end);
    return text;
  }

  async #more(): Promise<boolean> {
    const buffer = new Uint8Array(65_536);
    const count = await this.connection.read(buffer).catch(() => null);
    if (count !== null) this.heard += decoder.decode(buffer.subarray(0, count));
    return count !== null;
  }

  [Symbol.dispose](): void {
    if (this.#isOpen) this.connection.close();
    this.#isOpen = false;
  }
}

/** The proxy, those who talk to it, and the program at its ports. */
export class Stand implements AsyncDisposable {
  readonly #listeners = new Map<number, Deno.TcpListener>();
  readonly #talks: Talk[] = [];

  private constructor(readonly proxy: Proxy, readonly warnings: readonly string[]) {}

  /** With a first generation that serves, unless `generations` says otherwise; `mostFiles` may be open. */
  static async open(
    holdMs = 10_000,
    generations: readonly number[] = [1],
    clock: Clock = platform().clock,
    mostFiles?: number,
  ): Promise<Stand> {
    const warnings: string[] = [];
    const { files } = platform();
    const readText = (path: string) =>
      mostFiles === undefined ? files.readText(path) : `Max open files  ${mostFiles}`;
    const proxy = await openProxy({ ...platform(), files: { ...files, readText }, clock }, {
      settings: {
        proxy: { kind: "tcp", host: HOST, port: 0 },
        holdMs,
        proxyHosts: ["dev.example"],
        inject: true,
      },
      actions: { restart() {}, pause() {}, resume() {} },
      states: () => [],
      warn: (what) => warnings.push(what),
    });
    const stand = new Stand(proxy, warnings);
    for (const generation of generations) stand.serve(generation);
    return stand;
  }

  /** A generation listens on its port, and is routed to. */
  serve(generation: number): void {
    const port = this.proxy.portOf(generation);
    this.#listeners.set(generation, Deno.listen({ hostname: HOST, port }));
    this.proxy.route(generation);
  }

  /** A generation accepts nobody any more. */
  deafen(generation: number): void {
    this.#listeners.get(generation)?.close();
    this.#listeners.delete(generation);
  }

  /** Somebody connects to baton. */
  async client(first: string | Uint8Array = ""): Promise<Talk> {
    const talk = new Talk(await Deno.connect({ hostname: HOST, port: this.proxy.port }));
    this.#talks.push(talk);
    await talk.say(first);
    return talk;
  }

  /** The next connection that a generation gets. */
  async program(generation = 1): Promise<Talk> {
    const accepted = this.#listeners.get(generation)!.accept();
    const talk = new Talk(await within(`a connection to generation ${generation}`, accepted));
    this.#talks.push(talk);
    return talk;
  }

  /** Every connection that the first generation gets, until that is deaf. */
  async acceptAll(accept: (talk: Talk) => void): Promise<void> {
    for await (const connection of this.#listeners.get(1)!) {
      const talk = new Talk(connection);
      this.#talks.push(talk);
      accept(talk);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const talk of this.#talks) talk[Symbol.dispose]();
    for (const listener of this.#listeners.values()) listener.close();
    await within("nobody is served any more", this.proxy.close());
    await new Promise((done) => setTimeout(done, 0));
    const faults = this.warnings.filter((what) => what.startsWith(FAULT));
    if (faults.length > 0) throw new Error(faults.join("\n"));
  }
}

/** What a program answers with a body of this text. */
export const answer = (body: string, more = ""): string =>
  `HTTP/1.1 200 OK\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
export const GET = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
