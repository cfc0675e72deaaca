/** Sentences that depend on what the fields hold. */
import { assertEquals, assertMatch } from "@std/assert";
import type { Item } from "../../lib/report/item.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { said } from "./said.ts";

const { state } = LOG_EXAMPLES.checkpoint;
const { ready, ended, hook, resuming, escalated } = LOG_EXAMPLES;
const rejected = LOG_EXAMPLES["state rejected"];
const failed = LOG_EXAMPLES["candidate failed"];
const exit = (code: number) => ({ kind: "exited", code }) as const;

/** The first line, without the prefix. */
function first(item: Item): string {
  return said([item]).split("\n")[0]!.slice("baton: ".length);
}

/** The next step. */
function next(item: Item): string | undefined {
  return said([item]).split("\n").find((line) => line.includes("Next: "))?.trim().slice(6);
}

function onTerminal(item: Item): string {
  const platform = new FakePlatform("/project", [], { NO_COLOR: "1" });
  platform.terminal.stderrIsTerminal = true;
  return said([item], {}, platform).split("\n")[0]!;
}

Deno.test("a first generation is announced only if something says that it is ready", () => {
  const item = {
    ...ready,
    generation: 1,
    from: null,
    reason: "first",
    changed: [],
    state: null,
  } as const;
  const timings = { bootMs: 310 };
  assertEquals(said([{ ...item, announced: false, timings, marks: {} }]), "");
  assertEquals(first({ ...item, timings, marks: {} }), "Generation 1 is ready: boot 310 ms");
});

Deno.test("a restart names its cause", () => {
  const item = { ...ready, changed: [], state: null, timings: {}, marks: {} };
  assertEquals(first({ ...item, reason: "restart" }), "Generation 7 runs: restart asked for");
  assertEquals(first({ ...item, reason: "crash" }), "Generation 7 runs: started again");
  assertEquals(first({ ...item, changed: ["a.py"] }), 'Generation 7 runs: "a.py" changed');
});

Deno.test("where it is not known what serves, that it stops is timed, and not how long it is dark", () => {
  const item = { ...ready, changed: ["a.py"], state: null, marks: {} };
  assertEquals(
    first({ ...item, timings: { bootMs: 40, goneMs: 3, stoppingMs: 12 } }),
    'Generation 7 runs: "a.py" changed, boot 40 ms, stopping 12 ms (gone 3 ms)',
  );
});

Deno.test("of a program that does not take part only the stop is timed", () => {
  const item = { ...ready, announced: false, changed: ["a.sh"], state: null, marks: {} };
  assertEquals(
    first({ ...item, timings: { bootMs: 0, goneMs: 32, darkMs: 32 } }),
    'Generation 7 runs: "a.sh" changed, stop 32 ms',
  );
});

Deno.test("a candidate fails in three ways", () => {
  const late = { ...failed, why: "late", status: null, uptimeMs: 30_000, lines: [] } as const;
  assertEquals(
    first(late),
    "Generation 8 did not come up: not at the barrier after 30 s; generation 7 goes on serving",
  );
  assertEquals(
    next(late),
    'Save a fix to try again, or give it longer with "--boot-timeout"; one that calls "restore" no more, or waits for what the live one holds (a lock), needs "--handoff sequential"',
  );
  assertEquals(
    first({ ...late, why: "spawn-failed", detail: 'Cannot run "x": no such command' }),
    'Generation 8 did not come up: cannot run "x": no such command; generation 7 goes on serving',
  );
  assertEquals(
    first({ ...failed, live: null }),
    "Generation 8 did not come up: exit status 1 after 120 ms; the next one is started once the old one is gone",
  );
});

Deno.test("a candidate behind a proxy fails without a word of what it does not know: a barrier, a client", () => {
  const swapped = { ...failed, mode: "swapped", lines: [] } as const;
  const late = { ...swapped, why: "late", status: null, uptimeMs: 30_000 } as const;
  assertEquals(
    first(late),
    "Generation 8 did not come up: no answer on its port after 30 s; generation 7 goes on serving",
  );
  assertEquals(
    next(late),
    'Save a fix to try again, or give it longer with "--boot-timeout"; one that waits for what the live one holds (a lock) needs "--handoff sequential"',
  );
  assertEquals(
    next(swapped),
    'Save a fix to try again. Where two cannot run at once: use "--handoff sequential"',
  );
  assertEquals(
    next({ ...swapped, lines: ["Error: listen EADDRINUSE :::9229"] }),
    'Use "--handoff sequential"',
  );
});

const ONLY_ONE =
  'Bind the port after "restore" (take a lock, a device, an inspector\'s port there, too), join with "exclusive", or use "--handoff sequential"';

for (
  const line of [
    "OSError: [Errno 98] Address already in use",
    "Error: listen EADDRINUSE :::8000",
    "Starting inspector on 127.0.0.1:9229 failed: address already in use",
    "BlockingIOError: [Errno 11] Resource temporarily unavailable",
    "serial.SerialException: device or resource busy: '/dev/ttyUSB0'",
    "sqlite3.OperationalError: database is locked",
    "Could not acquire the lock on data/",
  ]
) {
  Deno.test(`a candidate that wants what live holds is told how to get it: ${line}`, () => {
    assertEquals(next({ ...failed, lines: [line] }), ONLY_ONE);
    assertEquals(next({ ...failed, lines: [line], live: null }), "Save a fix to try again");
  });
}

Deno.test("where nobody knows why a candidate died beside live, both ways are told", () => {
  const both = `Save a fix to try again. Where two cannot run at once: ${ONLY_ONE}`;
  assertEquals(next({ ...failed, lines: [] }), both);
  assertEquals(next({ ...failed, lines: ["It is Monday"] }), both);
  assertEquals(next({ ...failed, why: "spawn-failed", lines: [] }), "Save a fix to try again");
  const [line] = said([{ ...failed, lines: [] }], { interactive: true }).match(/Next: .*/)!;
  assertEquals(line, `Next: ${both}; r hands over in sequence`);
});

Deno.test("last lines that the terminal shows already are pointed to", () => {
  assertEquals(
    onTerminal({ ...failed, lines: [] }),
    "baton: Generation 8 did not come up: exit status 1 after 120 ms (see above); generation 7 goes on serving",
  );
  assertEquals(
    onTerminal({ ...ended, status: exit(3), state: null }),
    "baton: Generation 7 ended: exit status 3 after 12.3 s (see above)",
  );
});

Deno.test("an end by itself is told apart, and what comes next is said", () => {
  const item = { ...ended, state: null };
  assertEquals(
    first({ ...item, status: exit(0) }),
    "Generation 7 ended: exit status 0 after 12.3 s",
  );
  assertEquals(next({ ...item, status: exit(0) }), "Save a change to start it again");
  assertEquals(
    first({ ...item, status: exit(3) }),
    "Generation 7 ended: exit status 3 after 12.3 s",
  );
  assertEquals(next({ ...item, status: exit(3) }), "Save a fix to start it again");
  assertEquals(next({ ...item, next: { retryMs: 200 } }), "It starts again by itself in 200 ms");
  assertEquals(next({ ...item, next: "candidate" }), "The next generation takes over");
  assertEquals(next({ ...item, next: "exit" }), "Baton ends with its status");
  assertEquals(
    first({
      ...item,
      generation: 8,
      status: exit(1),
      uptimeMs: 120,
      wasReady: false,
      lastReady: 7,
    }),
    "Generation 8 ended before it was ready: exit status 1 after 120 ms; generation 7 was the last ready",
  );
});

Deno.test("the trouble of a hook is named, and which state is used instead", () => {
  const checkpoint = {
    ...state,
    envelope: { ...state.envelope, kind: "checkpoint", generation: 7 },
  } as const;
  assertEquals(
    first({ ...hook, trouble: { kind: "component", component: "http", error: "timed out" } }),
    'Component "http" of generation 7 did not stop: timed out',
  );
  assertEquals(
    first({ ...hook, trouble: { kind: "refused", why: "ValueError: no" }, state: checkpoint }),
    "Generation 7 refused to save: ValueError: no; going on with its checkpoint (1.2 kB)",
  );
  assertEquals(
    first({ ...hook, trouble: { kind: "lost", why: "It ended before it had saved" }, state: null }),
    "Generation 7 saved nothing: it ended before it had saved; going on without any state",
  );
});

Deno.test("a state that cannot be used has its cause and its next step", () => {
  const going = "going on without any state";
  const cases = [
    ["missing", "No file is there", "no file is there (missing)"],
    ["corrupt", "has SHA-256 ab, saved was cd", "it has SHA-256 ab, saved was cd (corrupt)"],
    ["corrupt", "its envelope cannot be read: x", "its envelope cannot be read: x (corrupt)"],
    ["torn", "is empty", "it is empty (torn)"],
    ["torn", "cannot be stored: no space left", "it cannot be stored: no space left (torn)"],
    ["too old", "is 2 min old, 30 s at most", "it is 2 min old, 30 s at most (too old)"],
  ] as const;
  for (const [found, why, text] of cases) {
    assertEquals(
      first({ ...rejected, found, why, state: null }),
      `Cannot use the state of generation 7: ${text}; ${going}`,
    );
  }
  assertEquals(new Set(cases.map(([found, why]) => next({ ...rejected, found, why }))).size, 5);
});

Deno.test("an old state is left where it is, and nothing is said where none is", () => {
  const old = {
    found: "too old",
    why: "is 2 min old, 30 s at most",
    path: "/project/.baton/good/1.state",
  } as const;
  const missing = { found: "missing" } as const;
  assertEquals(said([{ ...resuming, newest: { reading: missing, rejected: [] } }]), "");
  assertEquals(
    first({ ...resuming, newest: { reading: missing, rejected: [old] } }),
    "Does not resume an earlier state: it is 2 min old, 30 s at most",
  );
});

Deno.test("the first cause comes first, whatever was done in the end", () => {
  assertEquals(
    said([hook, escalated], { verbosity: "quiet" }).split("\n")[2],
    'baton: Generation 7 stopped: "src/a.py" changed, no answer to shutdown in 5000 ms, killed',
  );
  assertEquals(
    first({ ...escalated, changed: [] }),
    "Generation 7 stopped: alive 5000 ms after the stop signal, killed",
  );
  assertEquals(
    first({ ...escalated, by: "signal", afterMs: 1_500 }),
    'Generation 7 has not left 1500 ms after "exit"; sent it the stop signal',
  );
});

Deno.test("an error of starting has a next step that fits", () => {
  const failed = LOG_EXAMPLES["spawn failed"];
  const mistyped = (name: string) =>
    next({ ...failed, code: "ENOENT", why: `Cannot run "${name}": no such command` });
  assertMatch(mistyped("satus")!, /^Did you mean "baton status"\? Check the name/);
  assertMatch(mistyped("run")!, /^Leave "run" out: /);
  assertMatch(mistyped("start")!, /^Leave "start" out: /);
  assertMatch(mistyped("version")!, /^Did you mean "baton --version"\?/);
  assertMatch(mistyped("gunicorn")!, /^Check the name/);
  assertMatch(mistyped("./satus")!, /^Check the name/);
  const steps = ["ENOENT", "EACCES", "ENOEXEC", "E2BIG"].map((code) => next({ ...failed, code }));
  assertEquals(new Set(steps).size, 4);
  assertEquals(steps[1], 'Make it executable ("chmod +x"), or name its interpreter before it');
});

Deno.test("keys are offered where there are any, and a watch of nothing is a warning", () => {
  const { armed } = LOG_EXAMPLES;
  assertEquals(
    said([armed], { interactive: true, verbosity: "normal" }),
    "baton: Watches 132 files in 14 folders; h shows the keys\n",
  );
  assertEquals(
    said([{ ...armed, armed: { ...armed.armed, files: 0 } }], { verbosity: "quiet" }).split(
      "\n",
    )[0],
    "baton: Watches no file at all (14 folders)",
  );
  assertEquals(
    first({ ...armed, armed: { ...armed.armed, files: 1, folders: 0 } }),
    "Watches 1 file; Ctrl-C stops",
  );
});

Deno.test("a command is shown as it would be typed", () => {
  const { hello } = LOG_EXAMPLES;
  assertEquals(first({ ...hello, command: ["python", "a b.py", ""] }), `Runs "python 'a b.py' ''"`);
  assertEquals(first({ ...hello, command: ["make && ./run"] }), 'Runs "make && ./run"');
});

Deno.test("live that gave no answer is told apart from one that cannot save", () => {
  const refused = LOG_EXAMPLES["handoff refused"];
  assertEquals(
    first({ ...refused, why: "", afterMs: 10_000 }),
    "Generation 7 gave no answer in 10 s when it was to save; it is left alone",
  );
});
