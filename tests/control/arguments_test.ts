import { assertEquals, assertThrows } from "@std/assert";
import { durationIn, readArguments } from "../../lib/control/arguments.ts";
import { BatonError } from "../../lib/errors.ts";

Deno.test("options of a command are read in every way that they are written", () => {
  assertEquals(readArguments("status", ["--json"]), { name: null, given: { json: "" } });
  for (const args of [["-n", "7"], ["--lines", "7"], ["--lines=7"]]) {
    assertEquals(readArguments("logs", args).given, { lines: "7" });
  }
  assertEquals(readArguments("stop", ["--state-dir=there"]).given, { "state-dir": "there" });
});

Deno.test("a duration is read as milliseconds", () => {
  const args = { name: null, given: { timeout: "2s" } };
  assertEquals(durationIn(args, "timeout"), 2_000);
  assertEquals(durationIn(args, "for"), null);
});

Deno.test("what a command does not take is refused, and it is said what it takes", () => {
  for (
    const [args, what] of [
      [["--frob"], '"logs" does not take "--frob"'],
      [["--json"], '"logs" does not take "--json"'],
      [["app.py"], '"logs" does not take "app.py"'],
      [["-n"], 'Option "-n" has no value'],
      [["-n", "many"], 'Cannot use "many" for -n: expected a number from 1'],
      [["-n", "0"], 'Cannot use "0" for -n: expected a number from 1'],
    ] as const
  ) {
    const error = assertThrows(() => readArguments("logs", args), BatonError, what);
    assertEquals(error.next !== undefined, true);
  }
  assertThrows(() => readArguments("status", ["--json=1"]), BatonError, "takes no value");
});
