/** Whether a program takes what comes at the sockets that baton holds, on a clock that is moved by hand. */
import { assertEquals } from "@std/assert";
import { HeldSockets } from "../../lib/act/held_sockets.ts";
import { SocketChecks } from "../../lib/act/socket_check.ts";
import type { Explanation } from "../../lib/errors.ts";
import type { SocketUse } from "../../lib/platform/platform.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const PROGRAM = 10;
const STRANGER = 20;
const BOOT_MS = 30_000;

/** A program that does this with its socket, and listens at these ports. */
function scene(use: Partial<SocketUse>, ports: number[] = []) {
  const told: string[] = [];
  const state = {
    use: { holders: [PROGRAM], isPolled: false, waiting: 1, ...use } as SocketUse,
    ports,
    /** What happens after the first look at who waits. */
    queue: () => {},
    /** What happens after a look at who has it. */
    seen: () => {},
  };
  const platform = new FakePlatform();
  const sockets = {
    ...platform.sockets,
    use(_: unknown, among?: readonly number[]) {
      const holders = state.use.holders.filter((pid) => among?.includes(pid) ?? true);
      if (among === undefined) state.seen();
      return { ...state.use, holders };
    },
    ports: () => state.ports,
  };
  const held = new HeldSockets({ sockets }, [{
    descriptor: 70,
    port: 8_000,
    inode: "1",
    name: "8000",
    address: "127.0.0.1:8000",
    setBlocking() {},
    close() {},
  }]);
  const checks = new SocketChecks({
    platform: Object.assign(platform, { sockets }),
    sockets: held,
    bootTimeoutMs: BOOT_MS,
    mark: {},
    processes: () => [PROGRAM],
    onTrouble: ({ what }: Explanation) => told.push(what),
  });
  checks.start(1);
  const pass = async (ms: number) => {
    platform.clock.advance(ms);
    await new Promise((done) => setTimeout(done)); // the connection that tells
    platform.clock.advance(1_000);
    state.queue();
    platform.clock.advance(400);
  };
  return { told, state, pass, checks };
}

Deno.test("one that ignores the socket is told of once the boot time is over, and only once", async () => {
  const { told, pass, checks } = scene({});
  await pass(2_000);
  assertEquals(told, []);
  await pass(BOOT_MS);
  const expected = ["Generation 1 accepts nobody at 127.0.0.1:8000"];
  assertEquals(told, expected);
  checks.start(1);
  await pass(BOOT_MS);
  assertEquals(told, expected);
});

Deno.test("one that listens elsewhere is told of soon, and where", async () => {
  const { told, pass } = scene({}, [8_000, 43_210]);
  await pass(2_000);
  assertEquals(told, [
    "Generation 1 accepts nobody at 127.0.0.1:8000; it listens on port 43210 instead",
  ]);
});

Deno.test("nothing is told of one that accepts, or is told by the system of who comes", async () => {
  for (const use of [{ waiting: 0 }, { isPolled: true }, { waiting: null }]) {
    const { told, pass } = scene(use, [43_210]);
    await pass(2_000);
    await pass(BOOT_MS);
    assertEquals(told, []);
  }
});

Deno.test("nothing is told of a server that is so busy that now and then somebody waits", async () => {
  const { told, state, pass } = scene({});
  state.queue = () => state.use = { ...state.use, waiting: 0 };
  await pass(BOOT_MS);
  assertEquals(told, []);
});

Deno.test("nothing is told of a process that ends while it is looked at", async () => {
  const { told, state, pass } = scene({ holders: [PROGRAM, STRANGER], isPolled: true });
  state.seen = () => state.use = { ...state.use, holders: [PROGRAM] };
  await pass(2_000);
  assertEquals(told, []);
});

Deno.test("one that has closed the socket is told of", async () => {
  const { told, pass } = scene({ holders: [] });
  await pass(2_000);
  assertEquals(told, ["Generation 1 has closed the socket at 127.0.0.1:8000: who comes waits"]);
});

Deno.test("a process of no generation that has the socket is named; one that is stopped is not looked at", async () => {
  const { told, pass } = scene({ holders: [PROGRAM, STRANGER], isPolled: true });
  await pass(2_000);
  assertEquals(told, [
    `Process ${STRANGER}, "", keeps the socket at 127.0.0.1:8000, and could take connections ` +
    "from the program",
  ]);
  const other = scene({ holders: [] });
  other.checks.stop(1);
  await other.pass(BOOT_MS);
  assertEquals(other.told, []);
});
