import { assert, assertEquals } from "@std/assert";
import type { Platform, ProcessTree } from "../../../lib/platform/platform.ts";
import { waitUntil } from "../../support/wait_until.ts";
import type { Clause } from "../contract.ts";
import { run, sh } from "./program.ts";

interface Grown {
  readonly tree: ProcessTree;
  readonly exit: Promise<unknown>;
  readonly mark: Record<string, string>;
}

/** Starts a script under a mark of its own and kills all of it afterwards, whatever `use` did. */
async function grown(
  platform: Platform,
  script: string,
  use: (grown: Grown) => Promise<void>,
): Promise<void> {
  const mark = { BATON_CONTRACT: platform.randomId() };
  const { process, exit } = run(platform, sh(script), {
    env: { ...platform.env(), ...mark },
    mark,
    stderr: "inherit",
  });
  const tree = platform.processes.tree(process.pid, mark);
  try {
    await use({ tree, exit, mark });
  } finally {
    tree.kill();
    await gone(tree);
    await exit;
  }
  assertEquals(platform.processes.withMark(mark), []);
}

const gone = (tree: ProcessTree) =>
  waitUntil("the tree is gone", (saw) => saw(tree.alive()).length === 0);

const has = (tree: ProcessTree, count: number) =>
  waitUntil(`${count} processes`, (saw) => saw(tree.alive()).length === count);

function groupOf({ files }: Platform, pid: number): number {
  return Number(files.readText(`/proc/${pid}/stat`).replace(/.*\) \S+ \d+ (\d+) .*/s, "$1"));
}

/** Whether programs are started through the C library here, and so get a limit. */
function hasLimits({ os, name, files, processes }: Platform): boolean {
  return os === "linux" && name !== "fake" && files.stat(`/proc/${processes.self}/limits`) !== null;
}

export const treeContract: readonly Clause[] = [
  {
    name: "a tree is its leader and all children, and outlives the leader",
    keep: (platform) =>
      grown(platform, "sleep 60 & sleep 60 & sleep 0.2", async ({ tree, exit }) => {
        await has(tree, 4);
        assert(tree.alive().includes(tree.leader));
        await exit;
        assertEquals(tree.alive().length, 2);
        assert(!tree.alive().includes(tree.leader));
      }),
  },
  {
    name: "who left the session is found by the mark",
    keep: (platform) =>
      grown(platform, "setsid sleep 60 & setsid sleep 60 &", async ({ tree, exit, mark }) => {
        await exit;
        await has(tree, 2);
        // While a process is replaced by exec its environment cannot be read.
        await waitUntil(
          "both can be read",
          (saw) => saw(platform.processes.withMark(mark)).length === 2,
        );
        assertEquals(platform.processes.withMark(mark).sort(), tree.alive().sort());
      }),
  },
  {
    name:
      "who cleans the environment, leaves the session and loses its parent is found all the same",
    keep: (platform) =>
      grown(
        platform,
        `env -i setsid sh -c 'sleep 60 & exit' & wait; (env -i setsid sh -c 'sleep 60 & sleep 60' &)`,
        async ({ tree, exit, mark }) => {
          if (!hasLimits(platform)) return;
          await exit;
          await waitUntil("all four are marked", () => {
            const pids = platform.processes.withMark(mark);
            return pids.length === 4 && pids.every((pid) => tree.has(pid));
          });
        },
      ),
  },
  {
    name: "who is started beside a program has nothing of its mark, nor has baton",
    keep: (platform) =>
      grown(platform, "sleep 60 & wait", async ({ tree, mark }) => {
        const { process, exit } = run(platform, sh("exec env -i sleep 60"), { stderr: "inherit" });
        assert(!platform.processes.withMark(mark).includes(platform.processes.self));
        assert(!tree.alive().includes(process.pid));
        platform.processes.kill(process.pid, "SIGKILL");
        await exit;
      }),
  },
  {
    name: "who lost the mark and left the session is known by its parent, also when that is gone",
    keep: (platform) =>
      grown(platform, "env -i setsid sleep 60 & sleep 0.3", async ({ tree, exit }) => {
        await has(tree, 3);
        await exit;
        assertEquals(tree.alive().length, 1);
      }),
  },
  {
    name: "a tree that ends within the call is not taken for gone while a child lives",
    async keep(platform) {
      for (let turn = 0; turn < 10; turn++) {
        await grown(platform, "sleep 60 & exit", async ({ tree, exit }) => {
          assert(tree.alive().length > 0);
          await exit;
          assertEquals(tree.alive().length, 1);
        });
      }
    },
  },
  {
    name: "a signal reaches the whole group",
    keep: (platform) =>
      grown(platform, "sleep 60 & sleep 60", async ({ tree, exit }) => {
        await has(tree, 3);
        tree.signalGroup("SIGTERM");
        assertEquals(await exit, { kind: "signaled", signal: "SIGTERM", code: 143 });
        await gone(tree);
        tree.signalGroup("SIGTERM");
      }),
  },
  {
    name: "a signal reaches those that have left the group",
    async keep(platform) {
      if (platform.os !== "linux") return;
      await grown(platform, "setsid sleep 60 & wait", async ({ tree, exit }) => {
        await waitUntil(
          "one has left the group",
          () => tree.alive().some((pid) => groupOf(platform, pid) === pid && pid !== tree.leader),
        );
        tree.signalGroup("SIGTERM");
        await exit;
        assertEquals(tree.alive().length, 1);
        tree.signalStrays("SIGTERM");
        await gone(tree);
      });
    },
  },
  {
    name: "killing takes those who ignore signals, left the session, or go on forking",
    keep: (platform) =>
      grown(
        platform,
        `trap "" TERM HUP INT
         setsid sh -c 'trap "" TERM; while :; do sleep 60 & sleep 0.01; done' &
         env -i setsid sh -c 'while :; do sleep 0.01; done' &
         while :; do (sleep 0.05 &) ; sleep 0.01; done`,
        async ({ tree, mark }) => {
          await waitUntil("it grows", () => tree.alive().length > 8);
          tree.kill();
          await gone(tree);
          assertEquals(platform.processes.withMark(mark), []);
        },
      ),
  },
  {
    name:
      "a tree has its leader, its children, and daemons by their mark; nobody else, and no dead",
    keep: (platform) =>
      grown(
        platform,
        `env -i sleep 60 & (setsid sh -c "env -i sleep 60; :" &) ; sleep 60`,
        async ({ tree }) => {
          if (platform.os !== "linux") return;
          await waitUntil("it has all five", () => {
            const pids = tree.alive();
            return pids.length === 5 && pids.every((pid) => tree.has(pid));
          });
          const { process, exit } = run(platform, sh("exec sleep 60"), { stderr: "inherit" });
          assertEquals(tree.has(process.pid), false);
          platform.processes.kill(process.pid, "SIGKILL");
          await exit;
          for (const pid of [process.pid, platform.processes.self, 1]) {
            assertEquals(tree.has(pid), false);
          }
        },
      ),
  },
  {
    name: "a tree has who came after it was looked at",
    keep: (platform) =>
      grown(platform, "sleep 0.1; env -i setsid sleep 60 & wait", async ({ tree, mark }) => {
        if (platform.os !== "linux") return;
        const later = platform.processes.tree(tree.leader, mark);
        const sessions = () => later.alive().filter((pid) => groupOf(platform, pid) === pid);
        await waitUntil("it has a child in a session of its own", () => sessions().length === 2);
        for (const pid of sessions()) assertEquals(tree.has(pid), true);
      }),
  },
  {
    name: "another tree, and whoever started both, are foreign",
    keep: (platform) =>
      grown(platform, "sleep 60 & wait", async ({ tree: first }) => {
        await grown(platform, "sleep 60 & wait", async ({ tree: second }) => {
          await has(first, 2);
          await has(second, 2);
          second.kill();
          await gone(second);
          assertEquals(first.alive().length, 2);
        });
      }),
  },
];
