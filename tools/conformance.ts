/**
 * Runs the conformance suite on one client: `conformance.ts CLIENT [TRANSCRIPT…]`, where CLIENT is the path of
 * a folder with a `client.json`, or its name in `clients/`. See docs/protocol.md.
 */
import { clientsIn, missingFor } from "../tests/conformance/manifest.ts";
import { FAULTS } from "../tests/conformance/faults.ts";
import { Suite } from "../tests/conformance/player.ts";
import { readTranscripts } from "../tests/wire/transcript.ts";

const [folder, ...names] = Deno.args;
if (folder === undefined) {
  console.error('Name a client, as in "deno task conformance python"');
  Deno.exit(2);
}
const transcripts = readTranscripts().filter(({ program, name }) =>
  !program.includes(".") && (names.length === 0 || names.includes(name))
);
let failed = 0;
for (const client of clientsIn(folder)) {
  const missing = missingFor(client);
  if (missing !== null) {
    console.error(`SKIPPED: ${client.name}, as "${missing}" is not here`);
    continue;
  }
  using suite = new Suite(client);
  const offered = transcripts.filter(({ name, needs }) => {
    if (needs === undefined || client.capabilities.includes(needs)) return true;
    console.error(`Skipped: "${name}" of ${client.name}, without ${needs}`);
    return false;
  });
  const runs = offered.map((transcript) =>
    [`${transcript.name}: ${transcript.about}`, () => suite.play(transcript)] as const
  );
  const faults = FAULTS.filter(({ name }) => names.length === 0 || names.includes(name)).map((
    fault,
  ) => [`${fault.name}: ${fault.about}`, () => fault.play(suite)] as const);
  for (const [what, run] of [...runs, ...faults]) {
    try {
      await run();
      console.log(`ok     ${client.name}, ${what}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${client.name}, ${what}\n${error}`);
    }
  }
}
Deno.exit(failed === 0 ? 0 : 1);
