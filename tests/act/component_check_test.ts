/** Whether one that listens and declares no component is told of, on a platform that is played. */
import { assertEquals } from "@std/assert";
import { ComponentChecks } from "../../lib/act/component_check.ts";
import { HeldSockets } from "../../lib/act/held_sockets.ts";
import { inspectorPorts } from "../../lib/act/inspector_ports.ts";
import type { ChildEvent } from "../../lib/act/child_event.ts";
import type { ListeningDescriptor } from "../../lib/platform/platform.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { PlayedBaton } from "../support/played_baton.ts";

const PLAYER = { capabilities: ["handoff"], state: "1" };

function told(baton: PlayedBaton): unknown[] {
  return baton.items.filter(({ type }) => type === "no component");
}

async function passLong(baton: PlayedBaton): Promise<void> {
  for (let passed = 0; passed < 60_000; passed += 500) await baton.pass(500);
}

Deno.test("one that listens and has no component is told of once a generation", async () => {
  await using baton = await new PlayedBaton(PLAYER).start();
  await baton.ready(1);
  await baton.pass(1_500); // it begins to serve after it has said that it is ready
  baton.last.process.listens = ["port 8000", "port 8000"];
  assertEquals(told(baton), []);
  await passLong(baton);
  const { pid } = baton.last.process;
  const first = { type: "no component", generation: 1, pid, client: "played" };
  assertEquals(told(baton), [{ ...first, listens: ["port 8000"] }]);
  baton.save("two");
  await baton.ready(2);
  baton.last.process.listens = ["/run/app.sock"];
  const { generation, listens } = await baton.item("no component", (one) => one.generation === 2);
  assertEquals([generation, listens], [2, ["/run/app.sock"]]);
});

Deno.test("nothing is told of one whose server is a component, that does not listen, or takes no part", async () => {
  for (
    const [behaviour, listens, components] of [
      [PLAYER, ["port 8000"], [{ name: "http", timeoutMs: 5_000 }]],
      [PLAYER, [], []],
      [{ capabilities: null, state: null }, ["port 8000"], []],
    ] as const
  ) {
    await using baton = await new PlayedBaton(behaviour).start();
    await baton.item("ready");
    baton.last.process.listens = [...listens];
    const about = { protocol: 1, pid: baton.last.process.pid, client: "played" } as const;
    if (components.length > 0) {
      const capabilities = ["handoff"];
      baton.last.say({ type: "hello", ...about, capabilities, components: [...components] });
    }
    await passLong(baton);
    assertEquals(told(baton), []);
  }
});

/** Processes that listen by these descriptors, and what is told of the one whose state counts. */
function scene(
  descriptors: readonly { pid: number; inode: string; place: string }[],
  { isPolled = false, command = "", env = {} } = {},
) {
  const platform = new FakePlatform();
  const all = descriptors.map((one): ListeningDescriptor => ({ ...one, isOpen: () => true }));
  const looked: number[] = [];
  const sockets = {
    ...platform.sockets,
    listening: (pids: readonly number[]) => {
      looked.push(...pids);
      return all.filter(({ pid }) => pids.includes(pid));
    },
    use: () => ({ holders: [], isPolled, waiting: 0 }),
  };
  const held = new HeldSockets({ sockets }, [{
    ...{ descriptor: 70, port: 8_000, inode: "held", name: "8000", address: "127.0.0.1:8000" },
    setBlocking() {},
    close() {},
  }]);
  const places: string[] = [];
  const checks = new ComponentChecks({
    platform: {
      clock: platform.clock,
      sockets,
      processes: Object.assign(platform.processes, { commandLine: () => command }),
    },
    sockets: held,
    env,
    onFact: (fact) => fact.type === "no component" && places.push(...fact.listens),
  });
  const hello = (participant: number, pid: number): ChildEvent => ({
    ...{ type: "hello", participant, pid, capabilities: [], components: [], listens: [] },
  });
  return { checks, places, looked, hello, clock: platform.clock };
}

const HELD = { pid: 1, inode: "held", place: "port 8000" };
const OWN = { pid: 1, inode: "own", place: "port 9229" };

Deno.test("a socket that was inherited and is left alone does not count, nor does a debugger's", () => {
  const cases = [
    [[HELD], {}, []],
    [[HELD], { isPolled: true }, ["port 8000"]],
    [[OWN], {}, ["port 9229"]],
    [[OWN], { command: "node --inspect app.js" }, []],
    [[OWN], { env: { VSCODE_INSPECTOR_OPTIONS: "{}" } }, []],
  ] as const;
  for (const [descriptors, options, expected] of cases) {
    const { checks, places, hello, clock } = scene(descriptors, options);
    checks.hear(1, hello(0, 1));
    checks.hear(1, { type: "ready", participant: 0 });
    clock.advance(60_000);
    assertEquals(places, [...expected]);
  }
});

Deno.test("of several processes the one counts whose state is handed over", () => {
  const { checks, places, looked, hello, clock } = scene([{ ...OWN, pid: 2 }]);
  checks.hear(1, hello(0, 1));
  checks.hear(1, hello(1, 2));
  checks.hear(1, { type: "ready", participant: 0 });
  clock.advance(1_000);
  assertEquals([places, looked], [[], [1]]);
  checks.hear(1, { type: "disconnected", participant: 0 });
  clock.advance(4_999);
  assertEquals(looked, [1]); // nothing is looked at in between
  clock.advance(1);
  assertEquals(places, ["port 9229"]);
});

Deno.test("nothing is looked at once it is to end, and nothing is left to be done", () => {
  for (const end of ["stop", "gone", "close"] as const) {
    const { checks, looked, hello, clock } = scene([OWN]);
    checks.hear(1, hello(0, 1));
    checks.hear(1, { type: "ready", participant: 0 });
    checks[end](1);
    clock.advance(60_000);
    assertEquals([looked, clock.pending], [[], 0]);
  }
});

Deno.test("ports of debuggers are read from options", () => {
  const found = (command: string, options = "") =>
    inspectorPorts(command, { NODE_OPTIONS: options });
  assertEquals(found("node app.js --inspected"), []);
  assertEquals(found("node --inspect-brk=0.0.0.0:9300 app.js"), [9_300]);
  assertEquals(found("node --inspect=9301", "--inspect-port=9302"), [9_301, 9_302]);
  assertEquals(found("deno run --inspect-wait app.ts"), [9_229, 6_499]);
  assertEquals(found("bun --inspect=localhost:6500/prefix app.ts"), [6_500]);
});
