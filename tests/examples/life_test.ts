import { assert, assertEquals } from "@std/assert";
import { FakeBaton } from "../support/fake_baton.ts";
import { freePort } from "../support/free_port.ts";
import { INJECTED, PYTHON, Running } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";

const main = new URL("../../examples/life/main.py", import.meta.url).pathname;
const clients = new URL("../../clients/python", import.meta.url).pathname;

interface Told {
  ticks: number;
  pid: number;
  generation: number;
  version: number;
  queued: number;
  processed: number;
  loops: number;
  same_class: boolean;
  histories: Record<string, [tick: number, value: number][]>;
}

class Life {
  readonly #api: string;

  constructor(port: number) {
    this.#api = `http://127.0.0.1:${port}`;
  }

  async get<T>(path: string): Promise<T> {
    return await (await fetch(this.#api + path)).json();
  }

  async post(path: string, body: unknown): Promise<{ status: number; id?: number }> {
    const response = await fetch(this.#api + path, { method: "POST", body: JSON.stringify(body) });
    return { ...await response.json(), status: response.status };
  }
}

Deno.test("life runs without baton, and stops on SIGTERM", async () => {
  const port = freePort();
  await using program = new Running([PYTHON, main], {
    PORT: String(port),
    PYTHONPATH: clients,
    BATON_PIPE: "",
  });
  assertEquals(await program.line(), `life 1 is at http://127.0.0.1:${port}/state`);
  const life = new Life(port);
  assertEquals(await life.post("/events", { kind: "food" }), { status: 202, id: 1 });
  await waitUntil("the event is done", async () => {
    const { status } = await life.get<{ status: string }>("/events/1");
    return status === "done";
  });
  assertEquals((await life.post("/events", { strength: "much" })).status, 400);
  assertEquals((await life.post("/config", { tick_interval: 0 })).status, 400);
  assertEquals((await life.post("/config", { tick_interval: 0.02 })).status, 200);
  await program.catchesSigterm();
  program.kill("SIGTERM");
  assertEquals((await program.end()).code, 0);
});

Deno.test("life hands over its ticks, its events and its configuration", async () => {
  await using baton = new FakeBaton();
  const port = freePort();
  const env = { ...baton.env, PORT: String(port), PYTHONPATH: INJECTED };
  const life = new Life(port);

  await using first = new Running([PYTHON, main], env);
  const live = await baton.accept();
  assertEquals((await live.start()).components, []);
  await life.post("/config", { tick_interval: 0.005 });
  await waitUntil("it ticks", async () => (await life.get<Told>("/state")).ticks > 3);
  await life.post("/config", { tick_interval: 3_000 });
  const accepted = await Promise.all(
    Array.from({ length: 20 }, () => life.post("/events", { kind: "food" })),
  );

  await using second = new Running([PYTHON, main], env);
  const candidate = await baton.accept();
  await candidate.expect("hello");
  await live.shutDown(baton.out);
  const stopped = (await live.until("saved")).filter((message) => message.type === "stopped");
  assertEquals(stopped.map(({ component }) => component), ["loop", "http"]);
  const saved = baton.state() as { self_state: Told };
  await live.send({ type: "exit" });
  assertEquals((await first.end()).stderr, "");
  await candidate.open(baton.out);
  await candidate.until("ready");

  const told = await life.get<Told>("/state");
  assertEquals([told.generation, told.pid, told.loops, told.same_class], [2, second.pid, 1, true]);
  assertEquals(told.ticks, saved.self_state.ticks);
  assertEquals(told.queued + told.processed, accepted.length);
  assertEquals(new Set(accepted.map(({ id }) => id)).size, accepted.length);

  await life.post("/config", { tick_interval: 0.005 });
  await candidate.shutDown(baton.out);
  await candidate.until("saved");
  const ticks = (baton.state() as { self_state: Told }).self_state.histories.energy!;
  assert(ticks.every(([tick], i) => tick === i + 1), JSON.stringify(ticks));
  await candidate.send({ type: "exit" });
  assertEquals((await second.end()).code, 0);
});

Deno.test("life does not live through an event twice that a checkpoint holds twice", async () => {
  await using baton = new FakeBaton();
  const port = freePort();
  await using _program = new Running([PYTHON, main], {
    ...baton.env,
    PORT: String(port),
    PYTHONPATH: INJECTED,
  });
  const live = await baton.accept();
  const waiting = [1, 2].map((id) => ({ id, kind: "food", strength: 0.1 }));
  await live.start(baton.leave(JSON.stringify({
    config: { tick_interval: 3_000 },
    event_queue: { last_id: 2, waiting },
    self_state: { ticks: 7, last_event: 1, lived: 1, measures: {}, histories: {} },
  })));
  const { queued, processed } = await new Life(port).get<Told>("/state");
  assertEquals([queued, processed], [1, 1]);
});

Deno.test("life answers whoever it has let in before it saves", async () => {
  await using baton = new FakeBaton();
  const port = freePort();
  await using _program = new Running([PYTHON, main], {
    ...baton.env,
    PORT: String(port),
    PYTHONPATH: INJECTED,
  });
  const live = await baton.accept();
  await live.start();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const body = '{"kind":"food"}';
  await connection.write(
    new TextEncoder().encode(
      `POST /events HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ),
  );
  await live.shutDown(baton.out);
  const answer = await new Response(connection.readable).text();
  assert(answer.includes(" 202 ") && answer.includes('{"id": 1}'), answer);
  await live.until("saved");
  const { event_queue } = baton.state() as { event_queue: { last_id: number } };
  assertEquals(event_queue.last_id, 1);
});
