import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { loadMessages, openChannel } from "../../lib/protocol/channel.ts";
import type { FromBaton, FromProgram } from "../../lib/protocol/message.ts";

const utf8 = new TextEncoder();
const HELLO = `{"type":"hello","protocol":1,"pid":7}\n`;

/** A channel over a connection that only records. */
function open() {
  const seen = {
    messages: [] as FromProgram[],
    problems: [] as string[],
    closed: 0,
    sent: [] as FromBaton[],
    writes: 0,
    ended: 0,
  };
  const channel = openChannel({
    peer: null,
    unreadBytes: 0,
    write(bytes) {
      seen.writes += 1;
      const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
      seen.sent.push(...lines.map((line) => JSON.parse(line)));
    },
    end: () => void (seen.ended += 1),
    destroy: () => {
      throw new Error("Not called here");
    },
  }, {
    onMessage: (message) => void seen.messages.push(message),
    onProblem: (text) => void seen.problems.push(text),
    onClose: () => void (seen.closed += 1),
  });
  return { channel, seen, say: (text: string) => channel.onBytes(utf8.encode(text)) };
}

const early = open();
early.say(HELLO);
early.say(`{"type":"ready"}\n`);
early.channel.onClose();
const seenEarly = structuredClone(early.seen);
await loadMessages();

Deno.test("channel: what comes before messages can be checked waits, in its order", () => {
  assertEquals([seenEarly.messages, seenEarly.closed], [[], 0]);
  assertEquals(early.seen.messages.map(({ type }) => type), ["hello", "ready"]);
  assertEquals(early.seen.closed, 1);
});

Deno.test("channel: hello, its defaults, and fields it does not know", () => {
  const { seen, say } = open();
  say(`{"type":"hello","protocol":1,"pid":7,"mood":"fine"}\n{"type":"ready"}\n`);
  assertEquals(seen.messages, [
    { type: "hello", protocol: 1, pid: 7, client: "", capabilities: [], components: [] },
    { type: "ready" },
  ]);
  assertEquals(seen.sent, []);
});

Deno.test("channel: a type it does not know is answered, the connection goes on", () => {
  const { seen, say } = open();
  say(`${HELLO}{"type":"sing"}\n{"type":"constructor"}\n{"type":"ready"}\n`);
  assertEquals(seen.sent, [
    { type: "error", message: `Unknown message type "sing" (line 2, byte 38)` },
    { type: "error", message: `Unknown message type "constructor" (line 3, byte 54)` },
  ]);
  assertEquals(seen.messages.map(({ type }) => type), ["hello", "ready"]);
  assertEquals([seen.problems, seen.ended], [[], 0]);
});

Deno.test("channel: a flood of unknown types does not pile up answers", () => {
  const { seen, say } = open();
  say(HELLO + `{"type":"sing"}\n`.repeat(10_000) + `{"type":"ready"}\n`);
  assertEquals(seen.sent.length, 100);
  assertEquals(seen.messages.at(-1), { type: "ready" });
});

const BROKEN: [string, string, RegExp][] = [
  ["ready before hello", `{"type":"ready"}`, /^Hello comes first, got "ready" \(line 1, byte 0\)$/],
  ["junk", `${HELLO}junk`, /^The line is not JSON: .+ \(line 2, byte 38\)$/],
  ["an empty line", `${HELLO}`, /^The line is not JSON: .+ \(line 2, byte 38\)$/],
  ["a list", `[1]`, /^The line is not a JSON object with a type \(line 1, byte 0\)$/],
  ["null", `null`, /^The line is not a JSON object with a type/],
  ["a type that is a number", `{"type":1}`, /^The type is not a string/],
  ["a hello without pid", `{"type":"hello","protocol":1}`, /^"hello" does not fit: pid: /],
  [
    "a wrong hash",
    `${HELLO}{"type":"saved","kind":"final","bytes":1,"sha256":"x"}`,
    /^"saved" does not fit: sha256: .+ \(line 2, byte 38\)$/,
  ],
  ["a line too long", `${HELLO}${"x".repeat(1_048_576)}`, /^The line is longer than 1048576 bytes/],
  ["brackets without end", "[".repeat(1_000_000), /^The line is not JSON: /],
];

for (const [what, text, problem] of BROKEN) {
  Deno.test(`channel: ${what} ends the connection and says where`, () => {
    const { channel, seen, say } = open();
    say(text + "\n");
    assertEquals(seen.closed, 1);
    say(HELLO);
    channel.onClose();
    assertEquals(seen.closed, 1);
    assertEquals(seen.problems.length, 1);
    assertMatch(seen.problems[0]!, problem);
    assertEquals(seen.sent, [{ type: "error", message: seen.problems[0]! }]);
    assertEquals(seen.ended, 1);
    assertEquals(seen.messages.length, text.startsWith(HELLO) ? 1 : 0);
  });
}

Deno.test("channel: bytes that are not UTF-8 end the connection", () => {
  const { channel, seen, say } = open();
  say(HELLO);
  channel.onBytes(new Uint8Array([0x7b, 0xff, 0x0a]));
  assertEquals(seen.problems, ["The line is not UTF-8 (line 2, byte 39)"]);
  assertEquals(seen.ended, 1);
});

Deno.test("channel: a connection that closes inside a line says so", () => {
  const { channel, seen, say } = open();
  say(HELLO + `{"type":"re`);
  channel.onClose();
  assertEquals(seen.problems, ["The line was cut off (line 2, byte 49)"]);
  assertEquals([seen.closed, seen.ended, seen.sent], [1, 0, []]);
});

Deno.test("channel: a message is one write, and none follows the end", () => {
  const { channel, seen } = open();
  channel.send({ type: "exit" });
  channel.close();
  channel.close();
  channel.send({ type: "exit" });
  assertEquals([seen.writes, seen.ended, seen.sent], [1, 1, [{ type: "exit" }]]);
});

Deno.test("channel: of a huge change only what fits a line is sent", () => {
  const { channel, seen } = open();
  const changed = Array.from({ length: 100_000 }, (_, index) => `src/${index}.ts`);
  channel.send({ type: "start", generation: 2, reason: "checkout", changed, stateFile: null });
  const [start] = seen.sent;
  if (start!.type !== "start") throw new Error(`Sent "${start!.type}"`);
  assertEquals(start!.changed, changed.slice(0, start!.changed.length));
  assertEquals(JSON.stringify(start!.changed).length > 30_000, true);
  assertEquals(JSON.stringify(start).length < 1_048_576, true);
});

Deno.test("channel: whatever bytes come, nothing is thrown and it ends at most once", () => {
  const line = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom(HELLO, `{"type":"ready"}`, `{"type":"refused","why":""}`, `{"type":""}`),
  );
  fc.assert(fc.property(
    fc.array(line, { maxLength: 10 }),
    fc.uint8Array({ maxLength: 30 }),
    (lines: string[], tail: Uint8Array) => {
      const { channel, seen, say } = open();
      say(HELLO + lines.map((each) => each.trimEnd() + "\n").join(""));
      channel.onBytes(tail);
      channel.onClose();
      assertEquals(seen.messages[0]?.type, "hello");
      assertEquals(seen.problems.length <= 1, true);
      assertEquals(seen.ended <= 1, true);
      assertEquals(seen.closed, 1);
    },
  ));
});
