/** What is told of a program that does not listen where it is to. */
import { assertEquals } from "@std/assert";
import { Front } from "../../lib/act/front.ts";
import type { Child } from "../../lib/act/child.ts";
import type { Explanation } from "../../lib/errors.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const OWN = 40_001;
const gateway = {
  portOf: () => OWN,
  started() {},
  route() {},
  leave() {},
  drain: (_generation: number, onDrained: () => void) => onDrained(),
  gone() {},
};

/** The front of one generation that listens on these ports. */
function stand(ports: readonly number[], places: readonly string[] = []) {
  const platform = new FakePlatform();
  const told: Explanation[] = [];
  const child = { processes: () => [1], listening: () => places } as unknown as Child;
  const front = new Front({
    platform: { clock: platform.clock, sockets: { ...platform.sockets, ports: () => [...ports] } },
    gateway,
    children: new Map([[1, child]]),
    post: () => {},
    onTrouble: (trouble) => told.push(trouble),
  });
  return { front, told, clock: platform.clock };
}

const LATE = { type: "late", generation: 1, step: "ready" } as const;
const WHAT = `Generation 1 does not listen on port ${OWN}, which is its own`;

Deno.test("one that listens elsewhere is told of early, and once", () => {
  const { front, told, clock } = stand([3_000, 3_001]);
  front.started(1);
  clock.advance(2_999);
  assertEquals(told, []);
  clock.advance(1);
  front.explain(LATE);
  assertEquals(told.map(({ what }) => what), [`${WHAT}; it listens on port 3000, 3001 instead`]);
});

Deno.test("one that listens nowhere has the whole time to boot; one that listens is told nothing of", () => {
  const nowhere = stand([]);
  nowhere.front.started(1);
  nowhere.clock.advance(3_000);
  assertEquals(nowhere.told, []);
  nowhere.front.explain(LATE);
  assertEquals(nowhere.told.map(({ what }) => what), [WHAT]);
  const here = stand([OWN, 3_000]);
  here.front.started(1);
  here.clock.advance(3_000);
  here.front.explain(LATE);
  assertEquals(here.told, []);
});

Deno.test("one that answers or is gone is not looked at any more, and says what it holds beside its port", () => {
  const { front, clock, told } = stand([3_000], [`port ${OWN}`, "port 9229", "UDP port 5300"]);
  front.started(1);
  assertEquals(front.ready(1).holds, ["port 9229", "UDP port 5300"]);
  front.started(1);
  front.gone(1);
  front.started(1);
  front.close();
  clock.advance(10_000);
  assertEquals([clock.pending, told], [0, []]);
});

Deno.test("what its last lines name of another generation is told, a process or a port", () => {
  const child = (pid: number) => ({ processes: () => [pid, pid + 1] }) as unknown as Child;
  const front = new Front({
    platform: new FakePlatform(),
    gateway: { ...gateway, portOf: (generation: number) => OWN + generation },
    children: new Map([[1, child(4_711)], [2, child(4_800)]]),
    post: () => {},
    onTrouble: () => {},
  });
  const namedIn = (line: string) => {
    const status = { kind: "exited", code: 1 } as const;
    const heard = front.hear(2, { type: "exited", status, survivors: 0, lines: ["", line] });
    return heard.type === "exited" ? heard.names ?? null : null;
  };
  const cases: Readonly<Record<string, string | null>> = {
    "Found another Vite dev process for this project at http://localhost:40002/ (PID 4712).":
      `port ${OWN + 1} of generation 1`,
    "A server is already running (pid: 4711, file: tmp/pids/server.pid).":
      "process 4711 of generation 1",
    "Already running on PID 4712 (or pid file 'app.pid' is stale)": "process 4712 of generation 1",
    "- PID:         4711": "process 4711 of generation 1",
    "Another instance holds the lock (process id 4711)": "process 4711 of generation 1",
    "already listening on port 40002": `port ${OWN + 1} of generation 1`,
    'File "app.py", line 4711': null,
    "TypeError: 4711 is no function": null,
    "A server is already running (pid: 4800)": null, // its own
    "A server is already running (pid: 47110)": null,
  };
  for (const [line, expected] of Object.entries(cases)) assertEquals(namedIn(line), expected, line);
  assertEquals(front.hear(2, { type: "disconnected", participant: 1 }).type, "disconnected");
});
