import { assertEquals } from "@std/assert";
import { refusalBefore, refusalOf } from "../../lib/act/admission.ts";
import type { Peer } from "../../lib/platform/platform.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const platform = new FakePlatform();
const spawned = platform.processes.spawn({
  command: ["app"],
  cwd: "/project",
  env: {},
  stdin: "null",
  stderr: "inherit",
  onExit: () => {},
});
const OWN = platform.user?.uid ?? 0;
const OTHER = OWN + 2000;
const tree = platform.processes.tree(spawned.pid);
/** As where the pids of `/proc` are of another namespace. */
const blind = { ...tree, has: () => null };

const CASES: readonly [string, Peer | null, typeof tree, boolean][] = [
  ["nobody knows who it is", null, tree, true],
  ["a process of the generation", { pid: spawned.pid, uid: OWN }, tree, true],
  ["one of it that became another user's", { pid: spawned.pid, uid: OTHER }, tree, true],
  ["a process of this user", { pid: 4711, uid: OWN }, tree, false],
  ["a process of another user", { pid: 4711, uid: OTHER }, tree, false],
  ["out of sight, this user's", { pid: null, uid: OWN }, tree, true],
  ["out of sight, another user's", { pid: null, uid: OTHER }, tree, false],
  ["in sight of nobody, this user's", { pid: 4711, uid: OWN }, blind, true],
  ["in sight of nobody, another user's", { pid: 4711, uid: OTHER }, blind, false],
];

for (const [who, peer, of, isAdmitted] of CASES) {
  Deno.test(`who may speak for a generation: ${who}`, () => {
    assertEquals(refusalOf(peer, of, platform) === null, isAdmitted);
  });
}

Deno.test("root's pipe lets others through, so that nobody is admitted of whom nothing is told", () => {
  const roots = { ...platform, user: { uid: 0, gid: 0 }, processes: platform.processes };
  for (const tellsPeers of [true, false]) {
    const pipes = { ...platform.pipes, tellsPeers };
    assertEquals(refusalOf(null, tree, { ...roots, pipes } as never) === null, !tellsPeers);
  }
});

Deno.test("before a generation was started nobody may speak for it", () => {
  assertEquals(refusalBefore(null), null);
  assertEquals(
    refusalBefore({ pid: 4711, uid: OWN })?.why,
    "Refused: this generation was not started yet",
  );
});

Deno.test("a refusal says the process, its command and its user", () => {
  platform.processes.commandLine = () => "sh x.sh";
  assertEquals(
    refusalOf(
      { pid: 4711, uid: OWN },
      { ...tree, has: () => false },
      platform,
    )?.what,
    `Process 4711 ("sh x.sh") of user ${OWN} was refused: it is not part of this generation, by descent, session or environment`,
  );
});
