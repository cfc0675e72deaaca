/** Bodies that are moved without a look at them: what arrives, and what comes of connections that end meanwhile. */
import { Buffer } from "node:buffer";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { within } from "../support/within.ts";
import { answer, GET, Stand, type Talk } from "./stand.ts";

const text = new TextEncoder();
const BLOCK = Uint8Array.from({ length: 65_521 }, (_, at) => at * 31 ^ at >> 8);

/** Bytes by which one that is lost, doubled or out of its place is seen. */
function body(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += BLOCK.length) {
    bytes.set(BLOCK.subarray(0, length - at), at);
    bytes[at] = at / BLOCK.length;
  }
  return bytes;
}

async function say(program: Talk, bytes: Uint8Array, pieceBytes: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await program.say(bytes.subarray(at, at + pieceBytes));
  }
}

/** So many bytes, by reads of at most `atOnce`; fewer where there are no more. */
async function read(client: Talk, length: number, atOnce = 1_048_576): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const reading = client.connection.read(bytes.subarray(at, Math.min(length, at + atOnce)));
    const count = await within(`more than ${at} of ${length} bytes`, reading);
    if (count === null) break;
    at += count;
  }
  return bytes.subarray(0, at);
}

/** Not by `assertEquals`, which prints what differs. */
function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  assertEquals(actual.length, expected.length);
  if (Buffer.compare(actual, expected) === 0) return;
  throw new Error(`Differs from byte ${actual.findIndex((byte, at) => byte !== expected[at])} on`);
}

const head = (length: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;

Deno.test("a large body arrives as it was, however it comes and is read, and the next answer after it", async () => {
  await using stand = await Stand.open();
  const client = await stand.client();
  let program: Talk | null = null;
  const ways = [
    [131_072, 1_048_576, 1_048_576],
    [131_073, 131_073, 4_096],
    [1_048_576, 1_048_576, 1_048_576],
    [1_048_577, 65_521, 65_537],
    [200_003, 7_919, 1_048_576],
    [9_000_001, 3_000_000, 262_143],
  ] as const;
  for (const [length, written, atOnce] of ways) {
    await client.say(GET);
    program ??= await stand.program();
    await program.hear("\r\n\r\n");
    const expected = Buffer.concat([text.encode(head(length)), body(length)]);
    const [heard] = await Promise.all([
      read(client, expected.length, atOnce),
      say(program, expected, written),
    ]);
    assertSame(heard, expected);
    await client.say(GET);
    await program.hear("\r\n\r\n");
    await program.say(answer("small"));
    assertEquals(await client.hear("\r\n\r\nsmall"), answer("small"));
  }
});

Deno.test("who reads late gets all of a large body, and others are served meanwhile", async () => {
  await using stand = await Stand.open();
  const slow = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  const expected = body(67_000_003);
  await program.say(head(expected.length));
  let isSaid = false;
  const saying = say(program, expected, 1_048_576).then(() => isSaid = true);
  await slow.hear("\r\n\r\n");
  const start = slow.heard.length;
  const quick = await stand.client(GET);
  const other = await stand.program();
  await other.hear("\r\n\r\n");
  await other.say(answer("quick"));
  await quick.hear("quick");
  assert(!isSaid, "nobody has read, and all was taken");
  slow.heard = "";
  assertSame(await read(slow, expected.length - start), expected.subarray(start));
  await saying;
});

Deno.test("a large chunk arrives as it was, with those after it and what trails them", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  const chunk = body(700_001);
  const size = text.encode(`${chunk.length.toString(16)};x=1\r\n`);
  const end = text.encode("\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n");
  const start = text.encode("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  const expected = Buffer.concat([start, size, chunk, end]);
  for (const pieceBytes of [expected.length, 99_991]) {
    const [heard] = await Promise.all([
      read(client, expected.length),
      say(program, expected, pieceBytes),
    ]);
    assertSame(heard, expected);
    await client.say(GET);
    await program.hear("\r\n\r\n");
  }
});

Deno.test("a program that ends within a large body ends the answer there, and the next one is asked", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  const sent = body(600_000);
  const [heard] = await Promise.all([
    read(client, 2_000_000),
    program.say(head(1_000_000)).then(() => say(program, sent, 200_000)).then(() =>
      program[Symbol.dispose]()
    ),
  ]);
  assertSame(heard.subarray(head(1_000_000).length), sent);
  const next = await stand.client(GET);
  const other = await stand.program();
  await other.hear("\r\n\r\n");
  await other.say(answer("after"));
  assertMatch(await next.hear("after"), /200 OK/);
});

Deno.test("a client that ends within a large body ends it for the program, too, and others are served", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  await program.say(head(1_000_000_000));
  const part = body(1_048_576);
  const saying = within(
    "the program is told",
    (async () => {
      for (;;) await program.say(part);
    })().catch((error) => error),
  );
  await read(client, 3_000_000);
  client[Symbol.dispose]();
  assert(await saying instanceof Error);
  const next = await stand.client(GET);
  const other = await stand.program();
  await other.hear("\r\n\r\n");
  await other.say(answer("after"));
  await next.hear("after");
});
