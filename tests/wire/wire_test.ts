/**
 * What a real baton and real programs say to one another is what the transcripts hold. Where that is meant to
 * change, `deno task wire` records them anew.
 */
import { assertEquals } from "@std/assert";
import { record, SCENARIOS } from "./scenarios.ts";
import { readTranscript } from "./transcript.ts";

for (const [name, { about }] of Object.entries(SCENARIOS)) {
  Deno.test(`wire, ${name}: ${about}`, async () => {
    assertEquals(await record(name), readTranscript(name), "Record it anew with `deno task wire`");
  });
}
