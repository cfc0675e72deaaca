/** Why baton exists: a program that lives goes on through 50 of its own versions, under load. */
import { assert, assertEquals } from "@std/assert";
import type { Patience } from "../support/hammer.ts";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton } from "./baton.ts";
import { LifeProject, Load, type Told } from "./life.ts";

const TICK_MS = 20;

/** Ticks that the histories reach back, in the n-th version: seen in what it answers. */
function reach(version: number): number {
  return 50 + version;
}

/** Every version is a new `version.py`; every third also changes what its state does. */
function save(life: LifeProject, version: number): boolean {
  const deep = version % 3 === 0;
  if (deep) life.replace("self_state.py", /^HISTORY = \d+$/m, `HISTORY = ${reach(version)}`);
  life.replace("version.py", /^VERSION = \d+$/m, `VERSION = ${version}`);
  return deep;
}

/** Saves version after version, each once the one before has ticked and nobody is about to ask again. */
async function live(life: LifeProject, load: Load, restarts: number): Promise<void> {
  for (let version = 2; version <= restarts + 1; version++) {
    const before = (await waitUntil("it answers", () => load.last)).ticks;
    const deep = save(life, version);
    await waitUntil(`version ${version} ticks`, (saw) => {
      const { histories, ...told } = saw(load.last!);
      return told.version === version && told.ticks > before && load.waiting === 0 &&
        (!deep || histories.energy!.length === Math.min(told.ticks, reach(version)));
    }, { withinMs: 20_000 });
  }
}

function generations(told: readonly Told[]): Told[][] {
  return [...Map.groupBy(told, ({ pid }) => pid).values()];
}

/** One loop, one server, one class: what every answer says, and when each process answered. */
function assertNeverTwo(told: readonly Told[]): void {
  for (const { loops, same_class } of told) {
    assert(loops === 1 || loops === 0, `${loops} loops`); // none where it has ended, and the API goes on
    assertEquals(same_class, true);
  }
  const runs = generations(told);
  for (const [at, run] of runs.entries()) {
    assertEquals(new Set(run.map(({ generation }) => generation)).size, 1);
    const next = runs[at + 1];
    if (next === undefined) continue;
    const lastAsked = Math.max(...run.map(({ askedAt }) => askedAt));
    const firstHeard = Math.min(...next.map(({ heardAt }) => heardAt));
    assert(lastAsked <= firstHeard, `${run[0]!.pid} and ${next[0]!.pid} answer at the same time`);
  }
}

/** No tick is missing, none comes twice, and none comes faster than one loop can tick. */
function assertTicks(told: readonly Told[]): void {
  let seen = told[0]!.ticks;
  for (const { ticks, histories } of told) {
    assert(ticks >= seen, `Ticks went from ${seen} back to ${ticks}`);
    for (const history of Object.values(histories)) {
      const first = ticks - history.length + 1;
      assertEquals(history.map(([tick]) => tick), history.map((_, at) => first + at));
      assert(first <= seen + 1, `Ticks ${seen + 1} to ${first - 1} are in no history`);
    }
    seen = ticks;
  }
  for (const [at, after] of told.entries()) {
    const before = told[at - 1] ?? after;
    const fastest = (after.heardAt - before.askedAt) / TICK_MS + 1;
    assert(after.ticks - before.ticks <= fastest, `${after.ticks - before.ticks} ticks at once`);
  }
}

/** It ticks through every restart: all that is lost are the dark times, and a tick begun in each. */
function assertPace(told: readonly Told[], darkMs: number): void {
  const [first, last] = [told[0]!, told.at(-1)!];
  const wholeMs = last.heardAt - first.askedAt;
  const lostMs = darkMs + generations(told).length * TICK_MS;
  const expected = (wholeMs - lostMs) / TICK_MS;
  const ticks = last.ticks - first.ticks;
  assert(ticks > expected / 2, `${ticks} ticks where ${expected} were due`);
}

/** Every event that was accepted has an id of its own, and is done in the end. */
async function assertNothingLost(life: LifeProject, load: Load): Promise<void> {
  const { accepted, retries } = load;
  const last = Math.max(...accepted);
  assertEquals(new Set(accepted).size, accepted.length, "An id was given twice");
  // An id that nobody heard of belongs to an attempt that was made once more.
  assert(last - accepted.length <= retries, `${last} events for ${accepted.length} accepted`);
  await waitUntil("all events are done", async (saw) => {
    const { queued, processed, lived } = saw(await life.get<Record<string, number>>("/state"));
    return queued === 0 && processed === last && lived === last;
  });
  for (const id of accepted) {
    assertEquals(await life.get(`/events/${id}`), { id, status: "done" });
  }
}

async function liveThrough(restarts: number, mode: string, patience: Patience) {
  using life = new LifeProject();
  await using baton = new Baton(life, [PYTHON, "main.py"], {
    args: mode === "sequential" ? ["--handoff", mode] : [],
    env: { PORT: String(life.port) },
  });
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  const config = await (await life.post("/config", { tick_interval: TICK_MS / 1_000 })).json();
  assertEquals(config.tick_interval, TICK_MS / 1_000);
  await using load = new Load(life, patience);
  try {
    await live(life, load, restarts);
    await load.stop();
    assertNeverTwo(load.told);
    assertTicks(load.told);
    const handoffs = baton.events.filter(({ type, generation }) =>
      type === "ready" && generation > 1
    );
    assertEquals(handoffs.map((ready) => ready.mode), Array(restarts).fill(mode));
    assertPace(load.told, handoffs.reduce((sum, { timings }) => sum + timings.darkMs, 0));
    await assertNothingLost(life, load);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${baton.transcript().slice(-4_000)}`);
  }
}

Deno.test("life goes on through 50 versions, overlapped", () =>
  liveThrough(50, "overlapped", { attempts: 40, pauseMs: 25 }));

Deno.test("life goes on through 5 versions, one after the other", () =>
  liveThrough(5, "sequential", { attempts: 100, pauseMs: 100 }));
