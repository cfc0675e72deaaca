import { assertEquals } from "@std/assert";
import { probeUntilReady } from "../../lib/act/probe.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const probe = { kind: "tcp", host: "localhost", port: 1 } as const;
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("it asks until there is an answer, and says so once", async () => {
  const platform = new FakePlatform();
  let calls = 0;
  probeUntilReady(platform, [probe], () => calls++);
  await turn();
  assertEquals([calls, platform.clock.pending], [0, 1]);
  platform.answers = true;
  platform.clock.advance(20);
  await turn();
  assertEquals([calls, platform.clock.pending], [1, 0]);
});

Deno.test("cancelled, it says nothing, even where the answer was on its way", async () => {
  const platform = new FakePlatform();
  platform.answers = true;
  let calls = 0;
  const cancel = probeUntilReady(platform, [probe], () => calls++);
  cancel();
  await turn();
  assertEquals([calls, platform.clock.pending], [0, 0]);
});

Deno.test("a start that is quick is asked often, and one that takes long more seldom", async () => {
  const platform = new FakePlatform();
  const asked: number[] = [];
  const probes = { ...platform.probes, tcp: () => Promise.resolve(asked.push(now()) === 0) };
  const now = () => platform.clock.now();
  const cancel = probeUntilReady({ probes, clock: platform.clock }, [probe], () => {});
  for (let ms = 0; ms < 1_000; ms++) {
    await turn();
    platform.clock.advance(1);
  }
  cancel();
  const pauses = asked.slice(1).map((at, index) => at - asked[index]!);
  assertEquals(pauses.slice(0, 5), [2, 2, 2, 2, 2]);
  assertEquals(pauses.slice(-3), [20, 20, 20]);
});
