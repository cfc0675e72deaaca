import { assertEquals } from "@std/assert";
import { defineComponent } from "../../lib/client/components.ts";
import { planStops, stopComponents } from "../../lib/client/stopping.ts";
import type { FromProgram } from "../../lib/protocol/message.ts";

/** Stops components that never end, with every timer running out at once. */
async function stopHanging(timeoutsMs: number[], deadlineMs: number) {
  const asked: number[] = [];
  const said: FromProgram[] = [];
  const components = timeoutsMs.map((timeoutMs, index) =>
    defineComponent(`c${index}`, () => new Promise(() => {}), { timeoutMs })
  );
  const host = {
    after(ms: number, run: () => void) {
      asked.push(ms);
      queueMicrotask(run);
      return () => {};
    },
  };
  await stopComponents(components, deadlineMs, host, (message) => said.push(message));
  return { asked, said };
}

Deno.test("stopping: each has its own timeout, the last declared first", async () => {
  const { asked, said } = await stopHanging([30, 20, 10], 10_000);
  assertEquals(asked, [10, 20, 30]);
  assertEquals(said.filter(({ type }) => type === "failed"), [
    { type: "failed", component: "c2", error: "Not stopped in 10 ms" },
    { type: "failed", component: "c1", error: "Not stopped in 20 ms" },
    { type: "failed", component: "c0", error: "Not stopped in 30 ms" },
  ]);
});

Deno.test("stopping: none gets more than the share of the whole deadline", async () => {
  const { asked } = await stopHanging([5_000], 1_000);
  assertEquals(asked.length, 1);
  assertEquals(asked[0]! <= 800 && asked[0]! > 0, true, `${asked[0]}`);
  assertEquals((await stopHanging([5_000], 0)).asked, [0]);
  const [longAsked] = (await stopHanging([60_000], 30_000)).asked;
  assertEquals(longAsked! > 28_000 && longAsked! <= 29_000, true, `${longAsked}`);
});

Deno.test("stopping: an error longer than a message can hold is cut", async () => {
  const said: FromProgram[] = [];
  const fails = defineComponent("fails", () => {
    throw new Error("x".repeat(100_000));
  });
  await stopComponents([fails], 1_000, { after: () => () => {} }, (message) => said.push(message));
  const failed = said[1];
  assertEquals(failed!.type === "failed" && failed!.error.length, 65_536);
});

function say(text: string): () => unknown {
  return () => text;
}

Deno.test("stopping: who can be joined is told first, what serves comes last, the last declared first", () => {
  const joined = (name: string, serves = false) =>
    defineComponent(name, say("tell"), { join: say("join"), serves });
  const planned = planStops([
    defineComponent("http", say("stop"), { serves: true }),
    joined("ears"),
    joined("socket", true),
    defineComponent("queue", say("stop")),
    defineComponent("only saves", null, { save: say("saved") }),
    defineComponent("only joins", null, { join: say("join") }),
    joined("loop"),
  ]);
  assertEquals(planned.map(({ component, call }) => `${call()} ${component.name}`), [
    "tell loop",
    "tell ears",
    "join loop",
    "join only joins",
    "stop queue",
    "join ears",
    "tell socket",
    "join socket",
    "stop http",
  ]);
});

/** What is said, and every time that is given, in order. A promise of what is `late` never resolves. */
async function stopAll(
  parts: Readonly<Record<string, "ends" | "late" | "throws" | "rejects">>,
): Promise<(string | number)[]> {
  const noted: (string | number)[] = [];
  const components = Object.entries(parts).map(([name, kind]) =>
    defineComponent(name, () => {
      if (kind === "throws") throw new Error(kind);
      if (kind === "rejects") return Promise.reject(new Error(kind));
    }, { join: () => kind === "late" ? new Promise(() => {}) : Promise.resolve() })
  );
  const after = (ms: number, run: () => void) => {
    noted.push(Math.round(ms / 100) * 100);
    const timer = setTimeout(run); // after what is resolved already
    return () => clearTimeout(timer);
  };
  await stopComponents(components, 10_000, { after }, (message) => {
    if ("component" in message) noted.push(`${message.type} ${message.component}`);
  });
  return noted;
}

Deno.test("stopping: all are told before the first is waited for, and each has its own time", async () => {
  const told = ["stopping c", "stopping b", "stopping a"];
  assertEquals(await stopAll({ a: "ends", b: "ends", c: "ends" }), [
    ...told,
    ...[5_000, "stopped c", 5_000, "stopped b", 5_000, "stopped a"],
  ]);
  assertEquals(await stopAll({ a: "ends", b: "late", c: "ends" }), [
    ...told,
    ...[5_000, "stopped c", 5_000, "failed b", 5_000, "stopped a"],
  ]);
});

Deno.test("stopping: one that could not be told is not waited for, the others are", async () => {
  assertEquals(await stopAll({ a: "ends", b: "throws", c: "ends" }), [
    ...["stopping c", "stopping b", "failed b", "stopping a"],
    ...[5_000, "stopped c", 5_000, "stopped a"],
  ]);
  assertEquals(await stopAll({ a: "ends", b: "rejects" }), [
    ...["stopping b", "stopping a", 5_000, "failed b", 5_000, "stopped a"],
  ]);
});

Deno.test("stopping: what hangs takes no time that is kept for those whose turn is yet to come", async () => {
  let now = 0;
  const { now: realNow } = performance;
  performance.now = () => now;
  try {
    const asked: number[] = [];
    const hanging = Array.from(
      { length: 4 },
      (_, index) => defineComponent(`${index}`, () => new Promise(() => {}), { timeoutMs: 60_000 }),
    );
    const after = (ms: number, run: () => void) => {
      asked.push(ms);
      now += ms;
      queueMicrotask(run);
      return () => {};
    };
    await stopComponents(hanging, 9_000, { after }, () => {});
    assertEquals(asked, [6_500, 500, 500, 500]);
    asked.length = now = 0;
    const told = hanging.map(({ name }) =>
      defineComponent(name, () => {}, { join: () => new Promise(() => {}), timeoutMs: 2_000 })
    );
    await stopComponents(told, 9_000, { after }, () => {});
    assertEquals(asked, [2_000, 200, 200, 200]); // told side by side: theirs is over as well
  } finally {
    performance.now = realNow;
  }
});
