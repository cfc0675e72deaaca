import { assertEquals, assertThrows } from "@std/assert";
import { PlatformError } from "../../../lib/platform/platform.ts";
import type { ProcessInfo, ProcessTable } from "../../../lib/platform/posix/process_table.ts";
import { processTree } from "../../../lib/platform/posix/process_tree.ts";
import { sendSignal } from "../../../lib/platform/posix/send_signal.ts";

/** Baton is 50, its shell 40; they and 60, a neighbour, are older than the leader, 70 is younger. */
const SELF = 50;
const LEADER = 100;

interface Fake extends ProcessInfo {
  readonly environment?: readonly string[];
}

function fake(pid: number, parent: number, startedAt: number, more: Partial<Fake> = {}): Fake {
  const own = { group: pid, session: pid, stoppedBy: null, environment: ["A=1"] } as const;
  return { pid, parent, startedAt, ...own, ...more };
}

const NEIGHBOURS: readonly Fake[] = [
  fake(1, 0, 0),
  fake(40, 1, 10),
  fake(SELF, 40, 20),
  fake(60, 1, 15),
  fake(70, 1, 200),
];
const TREE: readonly Fake[] = [
  fake(LEADER, SELF, 100),
  fake(101, LEADER, 110, { group: LEADER, session: LEADER }),
  fake(102, 101, 120, { environment: [] }),
  fake(103, 1, 130, { environment: ["A=1", "MARK=x"] }),
];

/** `forbidden` are those, and groups by their negative numbers, that only another user may signal. */
function playing(
  processes: Fake[],
  mark: Record<string, string> = {},
  leader = LEADER,
  forbidden: number[] = [],
) {
  const looked: number[] = [];
  const sent: [number, string][] = [];
  const time = { now: 0 };
  const find = (pid: number) => processes.find((process) => process.pid === pid);
  const table: ProcessTable = {
    list(except) {
      const listed = processes.filter(({ pid }) => !except.has(pid));
      looked.push(...listed.map(({ pid }) => pid));
      return listed;
    },
    look: (pid) => find(pid) ?? null,
    environment: (pid) => [...find(pid)?.environment ?? []],
    fileLocks: () => null,
    listening: () => [],
    commandLine: () => "",
    isOurs: () => true,
    bootId: () => "boot",
  };
  const tree = processTree({
    leader,
    mark,
    table,
    self: SELF,
    send: (pid, signal) => sent.push([pid, signal]),
    maySignal: (pid) => !forbidden.includes(pid),
    now: () => time.now,
  });
  return { tree, sent, looked, time };
}

Deno.test("a tree is the leader, its group, its descendants and whoever has the mark", () => {
  const { tree } = playing([...NEIGHBOURS, ...TREE], { MARK: "x" });
  assertEquals(tree.alive(), [100, 101, 102, 103]);
});

Deno.test("an empty mark marks nobody, also when the leader is gone", () => {
  assertEquals(playing([...NEIGHBOURS, ...TREE]).tree.alive(), [100, 101, 102]);
  assertEquals(playing([...NEIGHBOURS]).tree.alive(), []);
});

Deno.test("baton and whoever started it are in no tree, whatever their mark, group or age", () => {
  const mark = { MARK: "x" };
  const disguised = NEIGHBOURS.map((process) => ({
    ...process,
    ...([1, 40, SELF].includes(process.pid) && {
      group: LEADER,
      session: LEADER,
      startedAt: 500,
      environment: ["MARK=x"],
    }),
  }));
  for (const processes of [disguised, [...disguised, ...TREE]]) {
    const { tree, sent, time } = playing(processes, mark);
    tree.alive();
    time.now = 60_000;
    tree.kill();
    assertEquals(sent.filter(([pid]) => [1, 40, SELF, 60, 70].includes(pid)), []);
  }
});

Deno.test("baton, its parents and the numbers that stand for everybody lead no tree", () => {
  for (const leader of [SELF, 40, 1, 0, -1, -100, NaN, 1.5]) {
    assertThrows(() => playing([...NEIGHBOURS], {}, leader), PlatformError);
  }
});

Deno.test("no signal goes to everybody", () => {
  for (const pid of [0, 1, -1, NaN, 1.5]) {
    assertThrows(() => sendSignal(pid, "SIGCONT"), PlatformError);
  }
});

Deno.test("killing stops all of the tree, then kills the same, and nobody else", () => {
  const { tree, sent } = playing([...NEIGHBOURS, ...TREE], { MARK: "x" });
  tree.kill();
  const expected = ["SIGSTOP", "SIGKILL"].flatMap((signal) =>
    [100, 101, 102, 103].map((pid) => [pid, signal])
  );
  assertEquals(sent, expected);
});

Deno.test("a child that lost the mark is remembered when its parent is gone", () => {
  const processes = [...NEIGHBOURS, ...TREE];
  const { tree } = playing(processes, { MARK: "x" });
  tree.alive();
  processes.splice(processes.indexOf(TREE[0]!), 2);
  processes[processes.indexOf(TREE[2]!)] = { ...TREE[2]!, parent: 1 };
  assertEquals(tree.alive(), [102, 103]);
});

Deno.test("a foreign process is looked at once, and again when its pid may be another's", () => {
  const { tree, looked, time } = playing([...NEIGHBOURS, ...TREE], { MARK: "x" });
  tree.alive();
  looked.length = 0;
  tree.alive();
  assertEquals(looked, [100, 101, 102, 103]);
  looked.length = 0;
  time.now = 10_000;
  tree.alive();
  assertEquals(looked, [60, 70, 100, 101, 102, 103]);
});

Deno.test("a process without an environment may be in the middle of exec: it is looked at again", () => {
  const processes = [
    ...NEIGHBOURS,
    fake(LEADER, SELF, 100),
    fake(104, 1, 140, { environment: [] }),
  ];
  const { tree } = playing(processes, { MARK: "x" });
  assertEquals(tree.alive(), [100]);
  processes[processes.length - 1] = fake(104, 1, 140, { environment: ["MARK=x"] });
  assertEquals(tree.alive(), [100, 104]);
});

Deno.test("a later process with a member's pid is not the member", () => {
  const processes = [...NEIGHBOURS, fake(LEADER, SELF, 100)];
  const { tree } = playing(processes, { MARK: "x" });
  tree.alive();
  processes[processes.length - 1] = fake(LEADER, 1, 900);
  processes[processes.length - 1] = { ...processes[processes.length - 1]!, group: 7, session: 7 };
  assertEquals(tree.alive(), []);
});

Deno.test("those that a signal has stopped are woken, those that a debugger holds are told", () => {
  const processes = [
    ...NEIGHBOURS,
    fake(LEADER, SELF, 100, { stoppedBy: "signal" }),
    fake(105, LEADER, 110, { stoppedBy: "debugger" }),
    fake(106, LEADER, 111),
    fake(71, 1, 50, { stoppedBy: "signal" }),
  ];
  const { tree, sent } = playing(processes);
  tree.alive();
  assertEquals(tree.wake(), { woken: [LEADER], held: [105] });
  assertEquals(sent, [[LEADER, "SIGCONT"]]);
});

Deno.test("a leader that the system hides, as it is another user's, lives for as long as nobody may signal it", () => {
  for (const hidden of [LEADER, -LEADER]) {
    const forbidden = [hidden];
    const { tree } = playing([...NEIGHBOURS], {}, LEADER, forbidden);
    assertEquals(tree.alive(), [LEADER]);
    forbidden.pop();
    assertEquals(tree.alive(), []);
    forbidden.push(hidden);
    assertEquals(tree.alive(), [], "whoever has its number later is another");
  }
});

Deno.test("a leader that is seen to be another process is gone, whoever may signal that", () => {
  const processes = [...NEIGHBOURS, fake(LEADER, SELF, 100)];
  const { tree } = playing(processes, {}, LEADER, [LEADER]);
  processes[processes.length - 1] = fake(LEADER, 1, 900, { group: 7, session: 7 });
  assertEquals(tree.alive(), []);
});

Deno.test("a signal goes to the group, and to each of the tree where that has no group of its own", () => {
  const own = playing([...NEIGHBOURS, ...TREE]);
  own.tree.signalGroup("SIGTERM");
  assertEquals(own.sent, [[-LEADER, "SIGTERM"]]);
  const batons = TREE.map((process) => ({ ...process, group: SELF, session: SELF }));
  const shared = playing([...NEIGHBOURS, ...batons], { MARK: "x" });
  shared.tree.signalGroup("SIGTERM");
  assertEquals(shared.sent, [100, 101, 102, 103].map((pid) => [pid, "SIGTERM"]));
});
