import { assertEquals } from "@std/assert";
import type { Verdict } from "../../lib/control/answers.ts";
import { Verdicts } from "../../lib/control/verdicts.ts";
import { initialMachine, type Machine } from "../../lib/decide/machine.ts";
import type { Generation } from "../../lib/decide/generation.ts";
import { handoff } from "../../lib/decide/handoff.ts";
import type { State } from "../../lib/decide/state.ts";
import type { Item } from "../../lib/report/item.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { POLICY } from "../decide/world.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** Baton as it may stand: each generation was started from a tree, which a letter stands for. */
class Scene {
  readonly clock = new FakeClock();
  machine: Machine = initialMachine(POLICY, false, null);
  disk = "a";
  isHeld = false;
  stale: number | null = null;
  ports: readonly number[] = [];
  readonly #trees = new Map<number | string, string>();
  readonly watch = {
    sync: () => Promise.resolve(),
    mark: (name: string) => void this.#trees.set(name, this.disk),
    forget: (name: string) => void this.#trees.delete(name),
    areSame: (one: number | string, other: number | string) => {
      const tree = this.#trees.get(one);
      return tree !== undefined && tree === this.#trees.get(other);
    },
    differences: (name: string) => this.#trees.get(name) === this.disk ? [] : ["app.py"],
    isStale: (generation: number) => generation === this.stale,
  };
  readonly verdicts = new Verdicts({
    clock: this.clock,
    machine: () => this.machine,
    holds: () => this.isHeld ? [{ name: "x", leftMs: 1 }] : [],
    placeIn: () => null,
    ports: () => this.ports,
    watch: this.watch,
  });
  verdict: Verdict | null = null;

  started(
    number: number,
    role: Generation["role"],
    tree: string,
    readyAt: number | null,
    reason: "change" | "restart" = "change",
  ): void {
    this.#trees.set(number, tree);
    const generation: Generation = {
      ...{ number, role, spawnedAt: 0, participants: [], spoke: true, openedAt: 0, readyAt },
      ...{
        gate: null,
        ended: null,
        rewind: null,
        arrival: handoff(reason, null, ["app.py"], {}),
      },
    };
    const { context } = this.machine;
    const others = context.generations.filter((one) => one.number !== number);
    this.know({ attempted: number, generations: [...others, generation] });
  }

  know(context: Partial<Machine["context"]>, state: State = this.machine.state): void {
    this.machine = { context: { ...this.machine.context, ...context }, state };
  }

  say(item: Item): void {
    this.verdicts.note(item);
  }

  ask(timeoutMs = 1_000): void {
    this.verdicts.ask(timeoutMs).then((verdict) => this.verdict = verdict);
  }

  /** What is answered once nothing more happens. */
  async outcome(): Promise<Verdict["outcome"] | null> {
    this.verdicts.stir();
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    return this.verdict?.outcome ?? null;
  }
}

const RUNNING: State = { name: "running" };
const FAILED = LOG_EXAMPLES["candidate failed"];
const READY = LOG_EXAMPLES["ready"];

/** Generation 1 serves tree `a`. */
function up(): Scene {
  const scene = new Scene();
  scene.started(1, "live", "a", 0);
  scene.know({}, RUNNING);
  return scene;
}

Deno.test("what runs from the files as they are is told at once", async () => {
  const scene = up();
  scene.ask();
  assertEquals(await scene.outcome(), "ready");
});

Deno.test("one that is not ready yet is waited for", async () => {
  const scene = new Scene();
  scene.started(1, "live", "a", null);
  scene.know({}, RUNNING);
  scene.ask();
  assertEquals(await scene.outcome(), null);
  scene.started(1, "live", "a", 5);
  assertEquals(await scene.outcome(), "ready");
});

Deno.test("a restart with the same files is waited for, and told of where it fails", async () => {
  const scene = up();
  scene.started(2, "candidate", "a", null, "restart");
  scene.know({}, { name: "booting", saving: false });
  scene.ask();
  assertEquals(await scene.outcome(), null);
  scene.say({ ...FAILED, generation: 2 });
  const { generations } = scene.machine.context;
  scene.know({
    generations: generations.filter(({ number }) => number === 1),
    failed: handoff("restart", 1, [], {}),
  }, RUNNING);
  assertEquals(await scene.outcome(), "failed");
  assertEquals(scene.verdict?.outcome === "failed" && scene.verdict.generation, 2);
});

Deno.test("a change on its way is waited for, and so is the candidate for it", async () => {
  const scene = up();
  scene.disk = "b";
  scene.ask();
  assertEquals(await scene.outcome(), null);
  scene.started(2, "candidate", "b", null);
  scene.know({}, { name: "booting", saving: false });
  assertEquals(await scene.outcome(), null);
  scene.know({ generations: [] });
  scene.started(2, "live", "b", 9);
  scene.know({}, RUNNING);
  scene.say({ ...READY, generation: 2, changed: ["app.py"], timings: { darkMs: 4 } });
  assertEquals(await scene.outcome(), "ready");
  assertEquals(scene.verdict?.outcome === "ready" && scene.verdict.darkMs, 4);
});

Deno.test("a candidate that failed is the verdict on its files, with its lines", async () => {
  const scene = up();
  scene.disk = "b";
  scene.started(2, "candidate", "b", null);
  scene.know({}, { name: "booting", saving: false });
  scene.ask();
  assertEquals(await scene.outcome(), null);
  scene.say({ ...FAILED, generation: 2, live: 1, lines: ["SyntaxError"] });
  scene.know({}, { name: "aborting", retry: null });
  assertEquals(await scene.outcome(), "failed");
  assertEquals(scene.verdict?.outcome === "failed" && scene.verdict.lines, ["SyntaxError"]);
});

Deno.test("one that is tried again is no verdict yet", async () => {
  const scene = up();
  scene.disk = "b";
  scene.started(2, "candidate", "b", null);
  scene.ask();
  scene.say({ ...FAILED, generation: 2, live: 1 });
  scene.stale = 2;
  const [live] = scene.machine.context.generations;
  const tried = handoff("change", 1, ["app.py"], {});
  scene.know({ failed: tried, generations: [live!] }, RUNNING);
  assertEquals(await scene.outcome(), null);
  scene.know({ failed: { ...tried, again: true } });
  assertEquals(await scene.outcome(), "failed");
});

Deno.test("the failure of other files is never the verdict: that they changed is said", async () => {
  const scene = up();
  scene.disk = "b";
  scene.ask();
  assertEquals(await scene.outcome(), null);
  scene.disk = "c";
  scene.started(2, "candidate", "c", null);
  scene.know({}, { name: "booting", saving: false });
  assertEquals(await scene.outcome(), null);
  scene.say({ ...FAILED, generation: 2, live: 1 });
  scene.know({}, { name: "aborting", retry: null });
  assertEquals(await scene.outcome(), "changed");
});

Deno.test("what runs from files that have changed since says so", async () => {
  const scene = up();
  scene.started(1, "live", "a", null);
  scene.ask();
  assertEquals(await scene.outcome(), null);
  scene.disk = "b";
  scene.started(1, "live", "a", 3);
  assertEquals(await scene.outcome(), "ready");
  assertEquals(scene.verdict?.outcome === "ready" && scene.verdict.changedSince, ["app.py"]);
});

Deno.test("live that cannot save is why its files do not run", async () => {
  const scene = up();
  scene.disk = "b";
  scene.ask();
  scene.say(LOG_EXAMPLES["handoff refused"]);
  scene.know({ refused: true });
  assertEquals(await scene.outcome(), "failed");
});

Deno.test("a program that says nothing is ready once it has lived for a while, or has ended", async () => {
  const scene = up();
  scene.say({ ...READY, generation: 1, announced: false });
  scene.ask(60_000);
  assertEquals(await scene.outcome(), null);
  scene.clock.advance(999);
  assertEquals(await scene.outcome(), null);
  scene.clock.advance(1);
  assertEquals(await scene.outcome(), "ready");

  const slow = up();
  slow.say({ ...READY, generation: 0, announced: true });
  slow.say({ ...READY, generation: 1, announced: false });
  slow.ask(60_000);
  assertEquals(await slow.outcome(), null);
  slow.clock.advance(4_999);
  assertEquals(await slow.outcome(), null);
  slow.say({ ...READY, generation: 1, announced: true });
  assertEquals(await slow.outcome(), "ready");

  const over = up();
  over.say({ ...READY, generation: 1, announced: false });
  over.ask();
  over.say({ ...LOG_EXAMPLES["ended"], generation: 1, status: { kind: "exited", code: 0 } });
  over.know({ generations: [] }, { name: "idle" });
  assertEquals(await over.outcome(), "ended");
});

Deno.test("a server that says nothing is ready once it listens where the one before it did", async () => {
  const scene = up();
  scene.ports = [8000, 9229];
  scene.say({ ...READY, generation: 1, announced: false });
  scene.ask(60_000);
  await scene.outcome();
  scene.clock.advance(1_000);
  assertEquals(await scene.outcome(), "ready");
  scene.verdict = null;

  scene.ports = [9229]; // A debugger listens before anything of the program runs.
  scene.know({ generations: [] });
  scene.started(2, "live", "a", 1_000);
  scene.say({ ...READY, generation: 2, announced: false });
  scene.ask(60_000);
  scene.clock.advance(500);
  assertEquals(await scene.outcome(), null);
  scene.ports = [8000, 9229];
  scene.clock.advance(25);
  assertEquals(await scene.outcome(), "ready");
});

Deno.test("files that wait for the end of a burst are waited for, unless that is held", async () => {
  const scene = up();
  scene.disk = "b";
  const tried = handoff("change", 1, ["app.py"], {});
  scene.know({}, { name: "settling", handoff: tried, untilQuiet: true });
  scene.ask();
  assertEquals(await scene.outcome(), null);
  scene.isHeld = true;
  assertEquals(await scene.outcome(), "held");
});

Deno.test("time that is over, a hold and the end of baton are said", async () => {
  const scene = up();
  scene.disk = "b";
  scene.ask(1_000);
  await scene.outcome();
  scene.clock.advance(1_000);
  assertEquals(await scene.outcome(), "late");

  const held = up();
  held.disk = "b";
  held.isHeld = true;
  held.ask();
  assertEquals(await held.outcome(), "held");

  const over = up();
  over.disk = "b";
  over.ask();
  await over.outcome();
  over.verdicts.close();
  assertEquals(await over.outcome(), "stopped");
});
