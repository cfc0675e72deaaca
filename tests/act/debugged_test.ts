import { assertEquals } from "@std/assert";
import { Debugged } from "../../lib/act/debugged.ts";

Deno.test("of whom a debugger holds no time passes, which is told once each time", () => {
  let held: number[] = [];
  const told: (string | undefined)[] = [];
  const debugged = new Debugged(
    (generation) => generation === 1 ? { woken: [], held } : undefined,
    ({ where }) => told.push(where),
  );
  assertEquals(debugged.holdOf("hook 1"), null);
  held = [12, 13];
  assertEquals([debugged.holdOf("hook 1"), debugged.holdOf("hook 1")], ["held", "held"]);
  const others = ["hook 2", "slow 1", "backoff"] as const;
  assertEquals(others.map((timer) => debugged.holdOf(timer)), [null, null, null]);
  held = [];
  assertEquals(debugged.holdOf("hook 1"), null);
  held = [12];
  assertEquals(debugged.holdOf("stop 1"), "held");
  assertEquals(told, ["process 12, 13", "process 12"]);
});
