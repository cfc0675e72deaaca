import { assert, assertEquals } from "@std/assert";
import { Overviewer } from "../../../lib/proxy/browser/overview.ts";
import type { ItemOf } from "../../../lib/report/item.ts";

const READY: ItemOf<"ready"> = {
  type: "ready",
  generation: 2,
  from: 1,
  reason: "change",
  mode: "overlapped",
  changed: ["app.py"],
  state: null,
  hook: { stopped: [], failed: [] },
  timings: { settleMs: 3, bootMs: 40, darkMs: 8, totalMs: 60 },
  marks: { changed: 100, acted: 103, spawned: 103, barrier: 143, dark: 152, ready: 160 },
  refusals: [],
  announced: true,
};
const FAILED: ItemOf<"candidate failed"> = {
  type: "candidate failed",
  folded: false,
  generation: 3,
  mode: "swapped",
  live: 2,
  changed: ["app.py"],
  why: "exited",
  status: { kind: "exited", code: 1 },
  uptimeMs: 30,
  detail: "",
  lines: ['  File "app.py", line 3', "\x1b[31mNameError: <b>x</b>\x1b[0m\x07"],
};

function overviewer() {
  let now = 1_000;
  const known = new Overviewer("run", () => now++, (path) => path === "/srv/app.py");
  known.note({
    type: "hello",
    version: "0",
    pid: 1,
    command: ["python3", "app.py"],
    cwd: "/srv",
    stateDir: "/srv/.baton",
  });
  return known;
}

Deno.test("an edit that did not come up is told of until one does, and what serves goes on", () => {
  const known = overviewer();
  assert(known.note(READY));
  assert(known.note(FAILED));
  const { phase, generation, trouble } = known.overview;
  assertEquals([phase, generation], ["up", 2]);
  assertEquals(trouble?.lines, ['  File "app.py", line 3', "NameError: <b>x</b>"]);
  assertEquals(trouble?.place, { file: "app.py", line: 3 });
  known.note({ ...READY, generation: 4 });
  assertEquals([known.overview.generation, known.overview.trouble], [4, null]);
});

Deno.test("where one serves for a moment and ends, it is known which one serves again", () => {
  const known = overviewer();
  for (const generation of [2, 3]) known.note({ ...READY, generation });
  known.note(FAILED);
  assertEquals([known.overview.phase, known.overview.generation], ["up", 2]);
});

Deno.test("what is watched is counted in words", () => {
  const known = overviewer();
  const armed = { files: 1, folders: 2, watches: 2, instances: 1, polled: 0, tookMs: 1 };
  known.note({ type: "armed", armed });
  assertEquals(known.details.watched, "1 file in 2 folders");
});

Deno.test("an edit that is undone is no trouble any more", () => {
  const known = overviewer();
  known.note(READY);
  known.note(FAILED);
  known.note({ type: "reverted", generation: 2 });
  assertEquals(known.overview.trouble, null);
});

Deno.test("a program that ended is down, until another is started", () => {
  const known = overviewer();
  known.note(READY);
  known.note({
    type: "ended",
    folded: false,
    generation: 2,
    status: { kind: "exited", code: 1 },
    uptimeMs: 100,
    wasReady: true,
    lastReady: null,
    state: null,
    lines: [],
    next: "wait",
  });
  assertEquals(known.overview.phase, "down");
  assert(known.overview.trouble !== null);
  known.note({ type: "started", generation: 3, reason: "change", mode: "first", state: null });
  assertEquals(known.overview.phase, "starting");
});

Deno.test("a restart is drawn from its first event on", () => {
  const known = overviewer();
  known.note(READY);
  const [restart] = known.details.restarts;
  assertEquals(restart?.steps.slice(0, 2), [
    { name: "settle", fromMs: 0, ms: 3 },
    { name: "boot", fromMs: 3, ms: 40 },
  ]);
  assertEquals([restart?.darkMs, restart?.totalMs, restart?.failure], [8, 60, null]);
});

Deno.test("of what only the browser uses the last changes are known, and how many there were", () => {
  const known = overviewer();
  for (let count = 0; count < 60; count++) known.noteAssets([`a${count}.css`]);
  const { count, last } = known.overview.assets;
  assertEquals([count, last.length, last.at(-1)], [60, 50, { number: 60, paths: ["a59.css"] }]);
});

Deno.test("what changes nothing that is shown is no news", () => {
  const known = overviewer();
  assert(!known.note({ type: "candidate outdated", generation: 3 }));
});
