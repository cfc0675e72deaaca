import { assertEquals, assertRejects } from "@std/assert";
import type { Verdict } from "../../lib/control/answers.ts";
import type { ControlClient } from "../../lib/control/client.ts";
import { verdictOf, waitForVerdict } from "../../lib/control/waiting.ts";
import { BatonError } from "../../lib/errors.ts";
import { FakeClock } from "../support/fake_clock.ts";

const RUNS: Verdict = {
  ...{ outcome: "ready", generation: 1, changed: [], darkMs: null, announced: true },
  changedSince: [],
};
const STOPPED: Verdict = { outcome: "stopped" };
const GONE = new BatonError({ what: "Baton ended" });

/** A baton that answers so; `isGone`: and is gone then. */
function baton(answer: Verdict | BatonError, isGone = true): ControlClient {
  const ask = () => answer instanceof BatonError ? Promise.reject(answer) : Promise.resolve(answer);
  const closed = isGone ? Promise.resolve() : new Promise<void>(() => {});
  return { ask, closed } as unknown as ControlClient;
}

/** Batons that come one after the other, each after a second, as long as there are any. */
class Next {
  readonly clock = new FakeClock();
  readonly patience: number[] = [];
  constructor(private readonly batons: ControlClient[]) {}

  connect = (patienceMs: number): Promise<ControlClient> => {
    this.patience.push(patienceMs);
    const next = this.batons.shift();
    this.clock.advance(next === undefined ? patienceMs : 1_000);
    return next === undefined ? Promise.reject(GONE) : Promise.resolve(next);
  };
}

Deno.test("what the first baton says is the verdict, whatever comes after", async () => {
  const next = new Next([baton(STOPPED)]);
  assertEquals(await waitForVerdict(next, 30_000, () => Promise.resolve(RUNS)), {
    verdict: RUNS,
    restarted: false,
  });
  assertEquals(next.patience, []);
});

Deno.test("where batons end the verdict is that of the one that goes on, and is said to be", async () => {
  const next = new Next([baton(STOPPED), baton(GONE), baton(RUNS)]);
  const first = () => verdictOf(baton(STOPPED), 30_000);
  assertEquals(await waitForVerdict(next, 15_000, first), { verdict: RUNS, restarted: true });
  assertEquals(next.patience, [10_000, 10_000, 10_000]);
});

Deno.test("where none comes within 10 s, or the time that is left, nothing runs", async () => {
  const none = { verdict: STOPPED, restarted: false };
  for (const [timeoutMs, patienceMs] of [[30_000, 10_000], [4_000, 4_000]] as const) {
    const next = new Next([]);
    const first = () => Promise.resolve(STOPPED);
    assertEquals(await waitForVerdict(next, timeoutMs, first), none);
    assertEquals(next.patience, [patienceMs]);
  }
});

Deno.test("an error of a baton that is still there is the answer", async () => {
  await assertRejects(() => verdictOf(baton(GONE, false), 1), BatonError, "Baton ended");
});
