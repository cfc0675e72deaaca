/** Records the transcripts of `tests/wire/` anew, all or those that are named. */
import { record, SCENARIOS } from "../tests/wire/scenarios.ts";
import { writeTranscript } from "../tests/wire/transcript.ts";

for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(SCENARIOS)) {
  writeTranscript(await record(name));
  console.log(`Recorded "${name}"`);
}
