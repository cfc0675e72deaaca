import { assertEquals } from "@std/assert";
import { Participant } from "../../lib/client/participant.ts";
import type { ClientConnectionHandler, ClientHost } from "../../lib/client/host.ts";

const START = `{"type":"start","generation":2,"reason":"changed","changed":[],"stateFile":null}\n`;
const SHUTDOWN = { type: "shutdown", reason: "stop", changed: [], out: "out", deadlineMs: 1_000 };

/** A host whose time passes at once, and that notes what is sent and warmed up. */
class FakeHost implements ClientHost {
  readonly cannotAdopt = null;
  readonly noted: string[] = [];
  readonly warmUps: ClientHost["warmUps"];
  readonly pid = 7;
  #handler: ClientConnectionHandler | null = null;
  #timers: (() => void)[] = [];

  /** Baton opens the barrier during the `startsDuring`th step. */
  constructor(steps: number, startsDuring: number) {
    this.warmUps = Array.from({ length: steps }, (_, index) => () => {
      this.noted.push(`step ${index + 1}`);
      if (index + 1 === startsDuring) this.say(START);
    });
  }

  /** Lets the time of every timer come, and what follows from it. */
  async pass(): Promise<void> {
    for (const run of this.#timers.splice(0)) run();
    await new Promise((next) => setTimeout(next));
  }

  say(text: string): void {
    this.#handler?.onBytes(new TextEncoder().encode(text));
  }

  hangUp(): void {
    this.#handler?.onClose();
  }

  env = (name: string) => name === "BATON_STATE_OUT" ? "out" : undefined;
  connect: ClientHost["connect"] = (_path, handler) => {
    this.#handler = handler;
    const write = (bytes: Uint8Array) =>
      void this.noted.push(JSON.parse(new TextDecoder().decode(bytes)).type);
    return Promise.resolve({ write, end() {}, ref() {}, unref() {} });
  };
  writeAtomically: ClientHost["writeAtomically"] = (_path, _bytes, { sync }) => {
    if (sync) this.noted.push("sync");
  };
  readBytes = () => null;
  sha256 = () => "";
  after = (_ms: number, run: () => void) => {
    this.#timers.push(run);
    return () => {};
  };
  turn = () => Promise.resolve();
  ignoreSigterm(): void {}
  ignoreUnreadOutput(): void {}
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

Deno.test("participant: checkpoints at intervals begin once it is ready, and nothing is said before", async () => {
  const host = new FakeHost(0, 0);
  const participant = await Participant.connect(host, "pipe", {});
  const { error } = console;
  console.error = (text: string) => host.noted.push(text);
  try {
    participant.onSave(() => 1);
    participant.checkpointEvery(10);
    await host.pass();
    participant.ready();
    await host.pass();
  } finally {
    console.error = error;
  }
  assertEquals(host.noted, ["hello", "ready", "saved"]);
});

Deno.test("participant: what was asked for is not saved again where baton goes meanwhile", async () => {
  const host = new FakeHost(0, 0);
  const participant = await Participant.connect(host, "pipe", {});
  participant.onSave(() => host.noted.push("save"));
  participant.ready();
  host.say(`${JSON.stringify(SHUTDOWN)}\n`);
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (() => 0) as unknown as typeof setTimeout;
  try {
    host.hangUp();
    await participant.stopped;
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  assertEquals(host.noted.filter((what) => what === "save").length, 1);
});

Deno.test("participant: what baton takes it need not sync, what it leaves alone it does", async () => {
  const underBaton = (host: FakeHost) => host.say(`${JSON.stringify(SHUTDOWN)}\n`);
  const alone = (host: FakeHost) => host.hangUp();
  const noted: string[][] = [];
  const { setTimeout } = globalThis;
  // It would keep the program alive until its deadline.
  globalThis.setTimeout = (() => 0) as unknown as typeof setTimeout;
  try {
    for (const end of [underBaton, alone]) {
      const host = new FakeHost(0, 0);
      const participant = await Participant.connect(host, "pipe", {});
      participant.onSave(() => 1);
      participant.ready();
      end(host);
      await participant.stopped;
      noted.push(host.noted);
    }
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  assertEquals(noted, [["hello", "ready", "saved"], ["hello", "ready", "sync"]]);
});
