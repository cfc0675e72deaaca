/** Asks at a steady rate, by connections that stay open and by new ones in turns, and keeps what became of each. */

const LATEST_MS = 60_000;
const KEPT = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const CLOSED = KEPT.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
const decoder = new TextDecoder("latin1");

export interface Outcomes {
  /** Milliseconds from each question to the end of its answer. */
  readonly waits: readonly number[];
  /** What went wrong, in words. */
  readonly failures: readonly string[];
  /** The bodies of the answers in their order, each once in a row. */
  readonly versions: readonly string[];
}

export class Asker {
  readonly #port: number;
  readonly #waits: number[] = [];
  readonly #failures: string[] = [];
  readonly #versions: string[] = [];
  readonly #idle: Deno.TcpConn[] = [];
  readonly #asking = new Set<Promise<void>>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(port: number, perSecond: number) {
    this.#port = port;
    let keeps = false;
    this.#timer = setInterval(() => {
      const asking: Promise<void> = this.#ask(keeps = !keeps)
        .finally(() => this.#asking.delete(asking));
      this.#asking.add(asking);
    }, 1_000 / perSecond);
  }

  /** Asks no more, and waits for the answers to come. */
  async stop(): Promise<Outcomes> {
    clearInterval(this.#timer);
    await Promise.all(this.#asking);
    for (const connection of this.#idle) connection.close();
    return { waits: this.#waits, failures: this.#failures, versions: this.#versions };
  }

  async #ask(keeps: boolean): Promise<void> {
    const beganAt = performance.now();
    let connection: Deno.TcpConn | undefined;
    try {
      connection = (keeps ? this.#idle.pop() : undefined) ??
        await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
      connection.setNoDelay(true);
      const { status, body } = await ask(connection, keeps ? KEPT : CLOSED);
      if (status !== 200) throw new Error(`Status ${status}: ${body}`);
      this.#waits.push(performance.now() - beganAt);
      if (this.#versions.at(-1) !== body) this.#versions.push(body);
      if (keeps) this.#idle.push(connection);
      else connection.close();
    } catch (error) {
      this.#failures.push(String(error));
      connection?.close();
    }
  }
}

/** One request over a connection, and its whole answer. Rejects where that does not come. */
export async function ask(
  connection: Deno.TcpConn,
  request: string,
): Promise<{ status: number; body: string }> {
  const timer = setTimeout(() => connection.close(), LATEST_MS);
  try {
    await connection.write(new TextEncoder().encode(request));
    const buffer = new Uint8Array(65_536);
    for (let text = "";;) {
      const count = await connection.read(buffer);
      if (count === null) throw new Error(`Closed after "${text}"`);
      text += decoder.decode(buffer.subarray(0, count));
      const whole = answerIn(text);
      if (whole !== null) return whole;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Null while it is not whole. */
function answerIn(text: string): { status: number; body: string } | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [head, body] = [text.slice(0, end), text.slice(end + 4)];
  const status = Number(head.slice(9, 12));
  if (/^transfer-encoding: chunked/im.test(head)) {
    if (!body.endsWith("0\r\n\r\n")) return null;
    return { status, body: body.replace(/^[\da-f]+\r\n|\r\n[\da-f]+\r\n(\r\n)?/gim, "").trim() };
  }
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  return body.length < length ? null : { status, body: body.slice(0, length).trim() };
}
