/** A head is the same in one piece as byte by byte. */
import { assertEquals } from "@std/assert";
import type { TcpConnection } from "../../lib/platform/platform.ts";
import { bytesOf, textOf } from "../../lib/proxy/head.ts";
import { Source } from "../../lib/proxy/source.ts";

const LONGEST = 7;

/** What is read of a connection that says these, and what is left of it. */
async function read(pieces: readonly string[], isStrict: boolean): Promise<string> {
  const left = pieces.map(bytesOf);
  const connection = { read: () => Promise.resolve(left.shift() ?? null) };
  const source = new Source(connection as unknown as TcpConnection);
  try {
    const head = await source.head(isStrict);
    const rest = textOf(source.pending) + left.map(textOf).join("");
    return JSON.stringify([head, rest]);
  } catch (error) {
    return String(error);
  }
}

Deno.test("a head is the same in one piece as byte by byte, wherever its lines end", async () => {
  let texts = [""];
  for (let length = 1; length <= LONGEST; length++) {
    texts = texts.flatMap((text) => ["a", "\r", "\n"].map((next) => text + next));
    for (const text of texts) {
      for (const isStrict of [false, true]) {
        const inPieces = await read([...text], isStrict);
        assertEquals(await read([text], isStrict), inPieces, JSON.stringify([text, isStrict]));
      }
    }
  }
});
