/** Every client says on the pipe what the transcripts hold; `deno task conformance CLIENT` runs one alone. */
import { readTranscripts } from "../wire/transcript.ts";
import { FAULTS } from "./faults.ts";
import { clientFolders, clientsIn, missingFor } from "./manifest.ts";
import { Suite } from "./player.ts";

const transcripts = readTranscripts().filter(({ program }) => !program.includes("."));

for (const client of clientFolders().flatMap(clientsIn)) {
  const missing = missingFor(client);
  const ignore = missing !== null;
  if (ignore) console.error(`SKIPPED: ${client.name}, as "${missing}" is not here`);
  const suite = new Suite(client);
  globalThis.addEventListener("unload", () => suite[Symbol.dispose]());
  for (const transcript of transcripts) {
    const { needs } = transcript;
    const isOffered = needs === undefined || client.capabilities.includes(needs);
    if (!isOffered) {
      console.error(`Skipped: "${transcript.name}" of ${client.name}, without ${needs}`);
    }
    Deno.test({
      name: `conformance of ${client.name}, ${transcript.name}: ${transcript.about}`,
      ignore: ignore || !isOffered,
      fn: () => suite.play(transcript),
    });
  }
  for (const { name, about, play } of FAULTS) {
    Deno.test({
      name: `conformance of ${client.name}, ${name}: ${about}`,
      ignore,
      fn: () => play(suite),
    });
  }
}
