import { assertEquals } from "@std/assert";
import { Rewrites } from "../../lib/report/rewrites.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";

/** What is said at each restart; a program is ready 10 ms after a change, changed `afterMs` later. */
function saidAt(restarts: readonly (readonly [afterMs: number, ...changed: string[]])[]) {
  const rewrites = new Rewrites();
  let at = 0;
  return restarts.map(([afterMs, ...changed]) => {
    const marks = { changed: at + afterMs, ready: at + afterMs + 10 };
    at = marks.ready;
    return rewrites.note({ ...LOG_EXAMPLES.ready, changed, marks })?.what ?? null;
  });
}

const WARNING = 'The last 5 restarts came right after a start, each for "app.log"';

Deno.test("a file that changes after each of five starts is named, once", () => {
  const restarts = Array.from({ length: 8 }, () => [100, "app.log"] as const);
  assertEquals(saidAt(restarts), [null, null, null, null, WARNING, null, null, null]);
});

Deno.test("what changes beside it does not hide it", () => {
  const others = ["a.py", "b.py", "c.py", "d.py", "e.py"];
  assertEquals(saidAt(others.map((other) => [100, other, "app.log"] as const)).at(-1), WARNING);
});

Deno.test("a person who saves at leisure, or other files, is told nothing", () => {
  const quiet = [null, null, null, null, null, null];
  assertEquals(saidAt(quiet.map(() => [1_001, "a.py"] as const)), quiet);
  assertEquals(saidAt(quiet.map((_, i) => [100, `${i}.py`] as const)), quiet);
});
