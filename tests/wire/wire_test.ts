/**
 * What a real baton and real programs say to one another is what the transcripts hold. Where that is meant to
 * change, `deno task wire` records them anew.
 */
import { assertEquals } from "@std/assert";
import { record, SCENARIOS } from "./scenarios.ts";
import { readTranscript } from "./transcript.ts";

for (const [name, { about }] of Object.entries(SCENARIOS)) {
  Deno.test(`wire, ${name}: ${about}`, async () => {
    const expected = readTranscript(name);
    let found = await record(name);
    // The recorder reads both sides at once, and may note what crosses on the way in another order.
    for (let again = 0; again < 3 && !isSame(found, expected); again++) found = await record(name);
    assertEquals(found, expected, "Record it anew with `deno task wire`");
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
