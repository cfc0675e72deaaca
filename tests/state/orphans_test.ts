import { assertEquals } from "@std/assert";
import type { RunRecord } from "../../lib/state/record.ts";
import { adoptOrphaned, endOrphans } from "../../lib/state/orphans.ts";
import { waitUntil } from "../support/wait_until.ts";
import { good, newestText, refused, Scratch } from "./support/scratch.ts";

const NOBODY: RunRecord = {
  pid: 4_000_000,
  startTime: "before",
  startedAt: 0,
  command: ["program"],
  mark: { BATON_RUN: "nobody's" },
  generations: [],
};

/** Shell programs that bear a mark, as a baton that has died would leave them. */
class Orphans implements AsyncDisposable {
  readonly mark = { BATON_RUN: crypto.randomUUID() };
  readonly #pids: number[] = [];
  #ended: Promise<void>[] = [];

  constructor(readonly scratch: Scratch) {}

  /** Runs a script until it has written its line "up" to a file. */
  async run(script: string, env: Record<string, string> = this.mark): Promise<number> {
    const up = `${this.scratch.root}/up-${this.#pids.length}`;
    const { promise, resolve } = Promise.withResolvers<void>();
    const { pid } = this.scratch.real.processes.spawn({
      command: ["sh", "-c", script],
      cwd: this.scratch.root,
      env: { PATH: Deno.env.get("PATH")!, UP: up, ...env },
      stdin: "null",
      stderr: "inherit",
      onExit: () => resolve(),
    });
    this.#pids.push(pid);
    this.#ended.push(promise);
    await waitUntil("the program is up", () => this.scratch.real.files.stat(up) !== null);
    return pid;
  }

  record(generations: [pid: number, startTime?: string][]): RunRecord {
    const { processes } = this.scratch.real;
    return {
      ...NOBODY,
      mark: this.mark,
      generations: generations.map(([pid, startTime = processes.startTime(pid)], i) => ({
        generation: i + 1,
        pid,
        startTime,
      })),
    };
  }

  isAlive(pid: number): boolean {
    return this.scratch.real.processes.startTime(pid) !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.#pids) this.scratch.real.processes.kill(pid, "SIGKILL");
    await Promise.all(this.#ended);
  }
}

Deno.test("a program that ends on SIGTERM is ended by it", async () => {
  using scratch = new Scratch();
  await using orphans = new Orphans(scratch);
  const store = scratch.store();
  store.makeRoom(1);
  const out = store.outPath(1);
  const pid = await orphans.run(
    `trap 'echo count=7 >"${out}"; exit' TERM; : >"$UP"; while :; do sleep 0.01; done`,
  );
  const ended = await endOrphans(scratch.real, orphans.record([[pid]]), 5_000);
  assertEquals(ended.includes(pid), true);
  assertEquals(orphans.isAlive(pid), false);
  assertEquals(Deno.readTextFileSync(out), "count=7\n");
});

const linuxOnly = { ignore: Deno.build.os !== "linux" };

Deno.test(
  "a program that was stopped is woken, to save what it has and end",
  linuxOnly,
  async () => {
    using scratch = new Scratch();
    await using orphans = new Orphans(scratch);
    const out = `${scratch.root}/out`;
    const pid = await orphans.run(
      `trap 'echo count=7 >"${out}"; exit' TERM; : >"$UP"; while :; do sleep 0.01; done`,
    );
    Deno.kill(pid, "SIGSTOP");
    await waitUntil(
      "it is stopped",
      () => /\) T /.test(Deno.readTextFileSync(`/proc/${pid}/stat`)),
    );
    await endOrphans(scratch.real, orphans.record([[pid]]), 5_000);
    assertEquals(Deno.readTextFileSync(out), "count=7\n");
  },
);

Deno.test("what ignores SIGTERM, or has left the session, is killed", async () => {
  using scratch = new Scratch();
  await using orphans = new Orphans(scratch);
  const pidFile = `${scratch.root}/pid`;
  const pid = await orphans.run(
    `trap '' TERM; setsid sh -c 'echo $$ >"${pidFile}"; : >"$UP"; exec sleep 60' & wait`,
  );
  const stray = Number(Deno.readTextFileSync(pidFile));
  const ended = await endOrphans(scratch.real, orphans.record([[pid]]), 50);
  assertEquals(ended.toSorted(), [pid, stray].toSorted());
  assertEquals([orphans.isAlive(pid), orphans.isAlive(stray)], [false, false]);
});

Deno.test("a process without the mark is found by the tree it belongs to", async () => {
  using scratch = new Scratch();
  await using orphans = new Orphans(scratch);
  const pidFile = `${scratch.root}/pid`;
  const pid = await orphans.run(
    `env -i PATH="$PATH" UP="$UP" sh -c 'echo $$ >"${pidFile}"; : >"$UP"; exec sleep 60' & wait`,
  );
  const child = Number(Deno.readTextFileSync(pidFile));
  const ended = await endOrphans(scratch.real, orphans.record([[pid]]), 5_000);
  assertEquals(ended.toSorted(), [pid, child].toSorted());
  assertEquals([orphans.isAlive(pid), orphans.isAlive(child)], [false, false]);
});

Deno.test("a process that was never written down is found by the mark alone", async () => {
  using scratch = new Scratch();
  await using orphans = new Orphans(scratch);
  const pid = await orphans.run(`trap '' TERM; : >"$UP"; exec sleep 60`);
  assertEquals(await endOrphans(scratch.real, orphans.record([]), 50), [pid]);
  assertEquals(orphans.isAlive(pid), false);
});

Deno.test("a later process with the pid of a generation is left alone", async () => {
  using scratch = new Scratch();
  await using orphans = new Orphans(scratch);
  const pid = await orphans.run(`: >"$UP"; exec sleep 60`, {});
  assertEquals(await endOrphans(scratch.real, orphans.record([[pid, "earlier"]]), 50), []);
  assertEquals(orphans.isAlive(pid), true);
});

Deno.test("one that survives even SIGKILL is an error that names it", async () => {
  using scratch = new Scratch();
  const { processes, clock } = scratch.real;
  let now = 0;
  const platform = scratch.platform({
    clock: {
      ...clock,
      now: () => now,
      after(ms, run) {
        now += ms;
        queueMicrotask(run);
        return () => {};
      },
    },
    processes: { ...processes, withMark: () => [77], kill: () => {} },
  });
  const error: unknown = await endOrphans(platform, NOBODY, 1_000).catch((error) => error);
  const { what, where } = error as { what: string; where: string };
  assertEquals(what, "Cannot end what is left of the last run: a process goes on after SIGKILL");
  assertEquals(where, "process 77");
  assertEquals(now, 6_000);
});

Deno.test("the last state a dead run left is taken over with the time it was left at", () => {
  using scratch = new Scratch();
  scratch.wallMs -= 60_000;
  const store = scratch.store();
  scratch.save(store, "older");
  for (const [generation, text] of [[9, "nine"], [10, "ten"]] as const) {
    store.makeRoom(generation);
    Deno.writeTextFileSync(store.outPath(generation), text);
    Deno.writeTextFileSync(store.outPath(generation, 1), "a worker's");
  }
  // Put there last, whatever its number; the file system's clock is coarse.
  const ctimeMs = (generation: number) =>
    scratch.real.files.stat(store.outPath(generation))!.ctimeMs;
  while (ctimeMs(9) <= ctimeMs(10)) {
    Deno.renameSync(store.outPath(9), `${store.outPath(9)}.tmp`);
    Deno.renameSync(`${store.outPath(9)}.tmp`, store.outPath(9));
  }
  const savedAt = ctimeMs(9);
  const { envelope } = good(adoptOrphaned(store, NOBODY));
  assertEquals(newestText(store), "nine");
  assertEquals(envelope.generation, 9);
  assertEquals(envelope.kind, "file");
  assertEquals(envelope.reason, "left by the run of process 4000000");
  assertEquals(envelope.savedAt, savedAt);
});

Deno.test("a state that is older than the newest good one, or none, is not taken over", () => {
  using scratch = new Scratch();
  scratch.wallMs += 60_000;
  const store = scratch.store();
  assertEquals(adoptOrphaned(store, NOBODY), { found: "missing" });
  scratch.save(store, "newer");
  store.makeRoom(5);
  Deno.writeTextFileSync(store.outPath(5), "older");
  assertEquals(adoptOrphaned(store, NOBODY), { found: "missing" });
  assertEquals(newestText(store), "newer");
});

Deno.test("what a dead run left after the clock was set back is taken over: the dates do not tell which is newer", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  scratch.wallMs += 3_600_000;
  scratch.save(store, "earlier, dated later");
  store.makeRoom(5);
  Deno.writeTextFileSync(store.outPath(5), "the last");
  scratch.wallMs -= 3_600_000;
  assertEquals(adoptOrphaned(store, NOBODY).found, "good");
  assertEquals(newestText(scratch.store()), "the last");
});

Deno.test("an empty file that a dead run left is not believed", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  store.makeRoom(5);
  Deno.writeTextFileSync(store.outPath(5), "");
  assertEquals(refused(adoptOrphaned(store, NOBODY)).why, "is empty");
});

Deno.test("a program whose last words nobody reads any more saves all the same", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  using scratch = new Scratch();
  await using orphans = new Orphans(scratch);
  const saved = `${scratch.root}/saved`;
  const save =
    `trap 'echo words >&2; echo 1 > ${saved}; exit' TERM; echo up > $UP; while :; do sleep 0.02; done`;
  // The reader ends as soon as the program is up.
  const script = `{ ${save}; } 2>&1 >/dev/null | while [ ! -e $UP ]; do sleep 0.02; done`;
  await orphans.run(script);
  await endOrphans(scratch.real, orphans.record([]), 5_000);
  assertEquals(Deno.readTextFileSync(saved), "1\n");
});
