import { assertEquals } from "@std/assert";
import { Participant } from "../../lib/client/participant.ts";
import type { ClientConnectionHandler, ClientHost } from "../../lib/platform/client_host.ts";

const START = `{"type":"start","generation":2,"reason":"changed","changed":[],"stateFile":null}\n`;

/** A host whose time passes at once, and that notes what is sent and warmed up. */
class FakeHost implements ClientHost {
  readonly noted: string[] = [];
  readonly warmUps: ClientHost["warmUps"];
  readonly pid = 7;
  #handler: ClientConnectionHandler | null = null;

  /** Baton opens the barrier during the `startsDuring`th step. */
  constructor(steps: number, startsDuring: number) {
    this.warmUps = Array.from({ length: steps }, (_, index) => () => {
      this.noted.push(`step ${index + 1}`);
      if (index + 1 === startsDuring) this.say(START);
    });
  }

  say(text: string): void {
    this.#handler?.onBytes(new TextEncoder().encode(text));
  }

  env = () => undefined;
  connect: ClientHost["connect"] = (_path, handler) => {
    this.#handler = handler;
    const write = (bytes: Uint8Array) =>
      void this.noted.push(JSON.parse(new TextDecoder().decode(bytes)).type);
    return Promise.resolve({ write, end() {}, ref() {}, unref() {} });
  };
  writeAtomicallySynced(): void {}
  readBytes = () => null;
  sha256 = () => "";
  after = () => () => {};
  turn = () => Promise.resolve();
  exit(): never {
    throw new Error("It leaves");
  }
}

Deno.test("participant: warms up after hello, and no longer than it waits", async () => {
  const host = new FakeHost(3, 2);
  const participant = await Participant.connect(host, "pipe", {});
  assertEquals(host.noted, []);
  assertEquals(await participant.restore("initial"), "initial");
  host.noted.push("restored");
  participant.ready();
  await Promise.resolve();
  assertEquals(host.noted, ["hello", "step 1", "step 2", "restored", "ready"]);
});

Deno.test("participant: without a barrier nothing is warmed up", async () => {
  const host = new FakeHost(1, 0);
  const participant = await Participant.connect(host, "pipe", {});
  participant.ready();
  await Promise.resolve();
  assertEquals(host.noted, ["hello", "ready"]);
});
