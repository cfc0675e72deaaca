import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createLineReader, type Line, type LineProblem } from "../../lib/protocol/lines.ts";

const utf8 = new TextEncoder();

/** Everything a reader says of these chunks, the end of the stream included. */
function read(chunks: readonly Uint8Array[], maxBytes?: number): (Line | LineProblem)[] {
  const reader = createLineReader(maxBytes);
  const said = chunks.flatMap((chunk) => [...reader.push(chunk)]);
  const cut = reader.end();
  return cut === null ? said : [...said, cut];
}

function texts(said: readonly (Line | LineProblem)[]): string[] {
  return said.map((each) => each.type === "line" ? each.text : `${each.what}: ${each.where}`);
}

Deno.test("lines: numbered from 1, with the bytes before them", () => {
  assertEquals(read([utf8.encode("é\n\nab\n")]), [
    { type: "line", text: "é", number: 1, offset: 0 },
    { type: "line", text: "", number: 2, offset: 3 },
    { type: "line", text: "ab", number: 3, offset: 4 },
  ]);
});

Deno.test("lines: the limit counts the newline", () => {
  assertEquals(texts(read([utf8.encode("123\n1234\n")], 4)), [
    "123",
    "The line is longer than 4 bytes: line 2, byte 7",
  ]);
});

Deno.test("lines: what is not UTF-8 is found where it stands", () => {
  const bad: [string, number[], number][] = [
    ["a byte of no sequence", [0x61, 0xff, 0x0a], 5],
    ["an overlong slash", [0xc0, 0xaf, 0x0a], 4],
    ["a surrogate", [0x61, 0x62, 0xed, 0xa0, 0x80, 0x0a], 6],
    ["a sequence cut by the newline", [0xe2, 0x82, 0x0a], 4],
  ];
  for (const [what, bytes, at] of bad) {
    const said = texts(read([utf8.encode("abc\n"), new Uint8Array(bytes)]));
    assertEquals(said, ["abc", `The line is not UTF-8: line 2, byte ${at}`], what);
  }
});

Deno.test("lines: a byte order mark and U+FFFD are content", () => {
  assertEquals(texts(read([utf8.encode("\ufeffa\ufffd\n")])), ["\ufeffa\ufffd"]);
});

Deno.test("lines: a line without its newline was cut off", () => {
  assertEquals(texts(read([utf8.encode("a\nbc")])), ["a", "The line was cut off: line 2, byte 4"]);
});

Deno.test("lines: nothing comes after a problem", () => {
  const reader = createLineReader(4);
  assertEquals([...reader.push(utf8.encode("12345\nok\n"))].length, 1);
  assertEquals([...reader.push(utf8.encode("ok\n"))], []);
  assertEquals(reader.end(), null);
});

Deno.test("lines: a line of 100 MB is refused at the limit, unbuffered", () => {
  const reader = createLineReader();
  const chunk = new Uint8Array(65_536).fill(0x61);
  const problems: unknown[] = [];
  for (let sent = 0; sent < 100_000_000; sent += chunk.length) {
    problems.push(...reader.push(chunk));
  }
  assertEquals(problems, [{
    type: "problem",
    what: "The line is longer than 1048576 bytes",
    where: "line 1, byte 1048575",
  }]);
});

/** Bytes that often hold newlines, text and broken sequences. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(fc.constantFrom(0x0a, 0x61, 0xc3, 0xa9, 0xef, 0xbf, 0xbd, 0xff), { maxLength: 60 })
    .map((list: number[]) => Uint8Array.from(list)),
  fc.string({ unit: "binary", maxLength: 60 }).map((text: string) => utf8.encode(text + "\n")),
);

Deno.test("lines: how the stream is cut into chunks changes nothing", () => {
  fc.assert(fc.property(
    bytes,
    fc.array(fc.nat({ max: 20 }), { maxLength: 40 }),
    fc.integer({ min: 1, max: 40 }),
    (stream: Uint8Array, sizes: number[], maxBytes: number) => {
      const chunks: Uint8Array[] = [];
      let from = 0;
      for (const size of sizes) {
        chunks.push(stream.slice(from, from + size));
        from += size;
      }
      chunks.push(stream.slice(from));
      assertEquals(read(chunks, maxBytes), read([stream], maxBytes));
    },
  ));
});

Deno.test("lines: lines and problem account for every byte up to the problem", () => {
  fc.assert(fc.property(bytes, (stream: Uint8Array) => {
    const said = read([stream]);
    const lines = said.filter((each) => each.type === "line");
    const whole = utf8.encode(lines.map(({ text }) => text + "\n").join(""));
    assertEquals(whole, stream.slice(0, whole.length));
    if (said.length === lines.length) assertEquals(whole.length, stream.length);
  }));
});
