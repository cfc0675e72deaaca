import { assertEquals } from "@std/assert";
import { Debugged } from "../../lib/act/debugged.ts";

Deno.test("of whom a debugger holds no time passes, which is told once each time", () => {
  let held: number[] = [];
  const told: (string | undefined)[] = [];
  const debugged = new Debugged(
    (generation) => generation === 1 ? held : [],
    ({ where }) => told.push(where),
  );
  assertEquals(debugged.holds("hook 1"), false);
  held = [12, 13];
  assertEquals([debugged.holds("hook 1"), debugged.holds("hook 1")], [true, true]);
  assertEquals([debugged.holds("hook 2"), debugged.holds("slow 1"), debugged.holds("backoff")], [
    false,
    false,
    false,
  ]);
  held = [];
  assertEquals(debugged.holds("hook 1"), false);
  held = [12];
  assertEquals(debugged.holds("stop 1"), true);
  assertEquals(told, ["process 12, 13", "process 12"]);
});
