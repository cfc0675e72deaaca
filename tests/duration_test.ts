import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../lib/duration.ts";

Deno.test("durations", () => {
  const cases: [string, number][] = [["0", 0], ["30ms", 30], ["2s", 2_000], ["1.5s", 1_500], [
    "1m",
    60_000,
  ]];
  for (const [text, ms] of cases) assertEquals(parseDuration(text), ms, text);
  for (const text of ["", "5", "-1s", "1h", "1 s", "s", "1.s", "1e3ms", "٣s"]) {
    assertEquals(parseDuration(text), NaN, text);
  }
});

Deno.test("every number of milliseconds is written so that it is read again", () => {
  fc.assert(fc.property(fc.nat(), (ms) => assertEquals(parseDuration(formatDuration(ms)), ms)));
});
