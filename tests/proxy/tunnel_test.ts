/** What becomes of bytes where a side of a tunnel goes. */
import { assertEquals } from "@std/assert";
import { PlatformError, type TcpConnection } from "../../lib/platform/platform.ts";
import { Client } from "../../lib/proxy/client.ts";
import { LINGER_MS } from "../../lib/proxy/linger.ts";
import { Source } from "../../lib/proxy/source.ts";
import { tunnel } from "../../lib/proxy/tunnel.ts";
import { Target } from "../../lib/proxy/upstream.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { platform } from "../support/platform.ts";

const gone = () => new PlatformError("ECONNRESET", "Cannot use a connection: it is gone");

/** A connection whose other side says these, and what comes after them: it ends, is gone, or is silent. */
class Played implements TcpConnection {
  readonly peer = "127.0.0.1";
  heard = "";
  /** What befell it, in turn. */
  readonly fate: string[] = [];
  readonly #destroyed = Promise.withResolvers<never>();

  constructor(
    readonly says: string[],
    readonly then: "ends" | "goes" | "waits",
    readonly hears = true,
  ) {
    this.#destroyed.promise.catch(() => null);
  }

  async read(): Promise<Uint8Array | null> {
    await Promise.resolve();
    const next = this.says.shift();
    if (next !== undefined) return new TextEncoder().encode(next);
    if (this.then === "goes") throw gone();
    if (this.then === "ends" && !this.fate.includes("destroyed")) return null;
    return await this.#destroyed.promise;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await Promise.resolve();
    if (!this.hears) throw gone();
    this.heard += new TextDecoder().decode(bytes);
  }

  closeWrite(): void {
    if (this.fate.length === 0) this.fate.push("ended");
  }

  destroy(): void {
    if (!this.fate.includes("destroyed")) this.fate.push("destroyed");
    this.#destroyed.reject(gone());
  }
}

function play(client: Played, program: Played) {
  const clock = new FakeClock();
  const target = new Target(platform(), 1, 1, { mayReuse: true });
  const upstream = { connection: program, source: new Source(program), isUsed: false };
  return { clock, target, over: tunnel({ clock }, new Client(client), { upstream, target }) };
}

const ENDED = ["ended", "destroyed"];

Deno.test("what the program said before it was gone arrives, though the client still sends", async () => {
  for (const then of ["ends", "goes"] as const) {
    const client = new Played(["a", "b", "c"], "ends");
    const program = new Played(["1", "2", "3", "4", "5", "6"], then, false);
    await play(client, program).over;
    assertEquals([client.heard, client.fate], ["123456", ENDED]);
  }
});

Deno.test("what the client said before it was gone arrives, though the program still sends", async () => {
  for (const then of ["ends", "goes"] as const) {
    const client = new Played(["1", "2", "3", "4", "5", "6"], then, false);
    const program = new Played(["a", "b", "c"], "ends");
    await play(client, program).over;
    assertEquals([program.heard, program.fate], ["123456", ENDED]);
  }
});

Deno.test("what is still sent to who is gone is read, so that its sender is not reset before it has read all", async () => {
  const client = new Played(["a", "b", "c", "d", "e", "f"], "ends");
  const program = new Played(["1"], "ends", false);
  await play(client, program).over;
  assertEquals([client.heard, client.says, client.fate], ["1", [], ENDED]);
});

Deno.test("who is silent is told that the other side is gone, and is closed where that changes nothing", async () => {
  const client = new Played([], "goes");
  const program = new Played(["1"], "waits");
  const { clock, over } = play(client, program);
  while (!program.fate.includes("ended")) await Promise.resolve();
  assertEquals(program.fate, ["ended"]);
  clock.advance(LINGER_MS);
  await over;
  assertEquals([program.fate, clock.pending], [ENDED, 0]);
});

Deno.test("who has ended hears on, and both are closed when the generation is asked to stop", async () => {
  const client = new Played(["1"], "ends");
  const program = new Played(["a"], "waits");
  const { clock, target, over } = play(client, program);
  while (client.heard !== "a" || !program.fate.includes("ended")) await Promise.resolve();
  assertEquals([client.fate, clock.pending], [[], 0]);
  target.leave();
  await over;
  assertEquals([client.fate.at(-1), program.fate], ["destroyed", ENDED]);
});
