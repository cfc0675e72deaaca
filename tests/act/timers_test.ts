import { assertEquals } from "@std/assert";
import { type Hold, Timers } from "../../lib/act/timers.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("a deadline comes once; set again it begins anew; cancelled it does not come", () => {
  const clock = new FakeClock();
  const told: string[] = [];
  const timers = new Timers(clock, () => null, (timer) => told.push(timer));
  timers.set("boot 1", 10);
  timers.set("hook 1", 10);
  timers.set("stop 1", 10);
  clock.advance(9);
  timers.set("hook 1", 10);
  timers.cancel("stop 1");
  clock.advance(1);
  assertEquals(told, ["boot 1"]);
  clock.advance(9);
  assertEquals(told, ["boot 1", "hook 1"]);
  timers.set("backoff", 5);
  timers.cancelAll();
  clock.advance(100);
  assertEquals(told, ["boot 1", "hook 1"]);
});

Deno.test("a deadline of who is held comes when it is not held any more", () => {
  const clock = new FakeClock();
  const told: string[] = [];
  let hold: Hold = "held";
  const timers = new Timers(clock, () => hold, (timer) => told.push(timer));
  timers.set("hook 1", 10);
  clock.advance(5_000);
  assertEquals(told, []);
  hold = null;
  clock.advance(5_000);
  assertEquals(told, ["hook 1"]);
});

Deno.test("a deadline of who was stopped is given once more, and not for ever", () => {
  const clock = new FakeClock();
  const told: string[] = [];
  const timers = new Timers(clock, () => "stopped", (timer) => told.push(timer));
  timers.set("hook 1", 1_000);
  clock.advance(1_999);
  assertEquals(told, []);
  clock.advance(1);
  assertEquals(told, ["hook 1"]);
  timers.set("hook 1", 1_000);
  clock.advance(1_999);
  assertEquals(told, ["hook 1"]);
});

Deno.test("what baton finds long past was not waited for: baton was stopped, and may have been answered", () => {
  const clock = new FakeClock();
  const told: string[] = [];
  const timers = new Timers(clock, () => null, (timer) => told.push(timer));
  timers.set("hook 1", 2_000);
  timers.set("hook 2", 2_000);
  timers.set("quiet", 2_000);
  clock.sleep(60_000);
  assertEquals(told, ["quiet"]);
  timers.cancel("hook 2"); // It had answered.
  clock.advance(2_000);
  assertEquals(told, ["quiet", "hook 1"]);
});
