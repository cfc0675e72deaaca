import { assertEquals, assertThrows } from "@std/assert";
import { Inbox } from "../../lib/act/inbox.ts";
import type { Event } from "../../lib/decide/event.ts";

const event = (at: number): Event => ({ type: "settled", at });

Deno.test("what is posted while another is answered waits its turn", () => {
  const told: string[] = [];
  const inbox = new Inbox(({ at }) => {
    told.push(`begins ${at}`);
    if (at < 3) inbox.post(event(at + 1));
    told.push(`ends ${at}`);
  });
  inbox.post(event(1));
  assertEquals(told, ["begins 1", "ends 1", "begins 2", "ends 2", "begins 3", "ends 3"]);
});

Deno.test("an answer that throws does not close the inbox", () => {
  const told: number[] = [];
  const inbox = new Inbox(({ at }) => {
    if (at === 1) throw new Error("a fault");
    told.push(at);
  });
  assertThrows(() => inbox.post(event(1)), Error, "a fault");
  inbox.post(event(2));
  assertEquals(told, [2]);
});

Deno.test("what is posted while it is held is answered on release, in its order", () => {
  const told: number[] = [];
  const inbox = new Inbox(({ at }) => {
    told.push(at);
    if (at === 2) inbox.post(event(4));
  });
  inbox.post(event(1));
  inbox.hold();
  inbox.post(event(2));
  inbox.post(event(3));
  assertEquals(told, [1]);
  inbox.release();
  assertEquals(told, [1, 2, 3, 4]);
  inbox.post(event(5));
  assertEquals(told, [1, 2, 3, 4, 5]);
});
