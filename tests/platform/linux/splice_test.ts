import { assertEquals, assertThrows } from "@std/assert";
import { type SpliceCalls, Splicer } from "../../../lib/platform/linux/splice.ts";

const [FROM, TO] = [3, 4];
const FIRST = new Uint8Array(5);

/** A socket that gives so many bytes at each call, and one that takes them; negative: not now. */
function played(gives: number[], takes: number[], more: Partial<SpliceCalls> = {}): Splicer {
  return Splicer.open({
    pipe2: () => 0,
    fcntl: () => 0,
    splice: (from, _, most) => Math.min(most, (from === FROM ? gives : takes).shift() ?? -1),
    send: (_, bytes) => bytes.length,
    read: (_, into) => into.length,
    ppoll: () => 0,
    getsockname: () => -1,
    getpeername: () => -1,
    close: () => 0,
    ...more,
  })!;
}

Deno.test("as much is taken as is there and was asked for, and what is not passed on is given back", () => {
  const outcome = (gives: number[], takes: number[], more?: Partial<SpliceCalls>) => {
    const { sent, taken, rest } = played(gives, takes, more).splice(FROM, TO, FIRST, 100);
    return [sent, taken, rest.length];
  };
  const ready: Partial<SpliceCalls> = {
    ppoll: (asked) => {
      asked[1] = Number(asked[1]) * 0x10001;
      return 1;
    },
  };
  assertEquals(outcome([], []), [0, 0, 0], "nothing is there");
  assertEquals(outcome([0], []), [0, 0, 0], "it has ended");
  assertEquals(outcome([70, 70], [70, 30]), [5, 100, 0]);
  assertEquals(outcome([70, -1, 9], [70, 9]), [5, 70, 0], "no more is there within a moment");
  assertEquals(outcome([70, -1, 9], [70, 9], ready), [5, 79, 0], "it comes within a moment");
  assertEquals(outcome([70, -1, -1, 9], [70, 9], ready), [5, 70, 0], "it is broken");
  const often = [10, -1, 10, -1, 10, -1, 10, -1, 10, -1, 10];
  assertEquals(outcome(often, [10, 10, 10, 10, 10, 10], ready), [5, 50, 0], "others have a turn");
  assertEquals(outcome([70], [20]), [5, 70, 50]);
  assertEquals(outcome([70], [20, -1, 50, 0], ready), [5, 70, 0]);
  assertEquals(outcome([70], [20, -1, -1], ready), [5, 70, 50], "who reads is gone");
  assertEquals(outcome([70], [70], { send: () => 2 }), [2, 70, 70]);
  assertEquals(outcome([70], [70], { send: () => -1 }), [0, 70, 70]);
});

Deno.test("after what was in the pipe could not be read nothing goes through it any more", () => {
  const splicer = played([70, 70], [20, 70], { read: () => -1 });
  assertThrows(() => splicer.splice(FROM, TO, FIRST, 100), Error, "cannot be read");
  assertEquals(splicer.splice(FROM, TO, FIRST, 100).taken, 0);
});
