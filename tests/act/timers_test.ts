import { assertEquals } from "@std/assert";
import { Timers } from "../../lib/act/timers.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("a deadline comes once; set again it begins anew; cancelled it does not come", () => {
  const clock = new FakeClock();
  const told: string[] = [];
  const timers = new Timers(clock, () => false, (timer) => told.push(timer));
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
  let isHeld = true;
  const timers = new Timers(clock, () => isHeld, (timer) => told.push(timer));
  timers.set("hook 1", 10);
  clock.advance(5_000);
  assertEquals(told, []);
  isHeld = false;
  clock.advance(5_000);
  assertEquals(told, ["hook 1"]);
});
