import { denoPlatform } from "../../lib/platform/deno/platform.ts";
import { denoEvents } from "../../lib/platform/deno/events.ts";
import { directFiles } from "../../lib/platform/linux/direct_files.ts";
import type { Files } from "../../lib/platform/platform.ts";
import { processes as processesOf } from "../../lib/platform/node/processes.ts";
import { openSystemCalls } from "../../lib/platform/deno/posix_calls.ts";
import { spawnDeno } from "../../lib/platform/deno/spawn.ts";
import { contract } from "./contract.ts";
import { eventContract } from "./contract/events.ts";
import { processContract } from "./contract/processes.ts";
import { directContract } from "./contract/direct_files.ts";

const platform = (await denoPlatform())();

for (const { name, keep } of contract) {
  Deno.test(`platform on Deno: ${name}`, async () => await keep(platform));
}

const files: Files = { ...platform.files, direct: () => directFiles(platform.files, () => null) };
const processes = processesOf(spawnDeno, files, openSystemCalls);

for (const { name, keep } of [...eventContract, ...directContract, ...processContract]) {
  Deno.test({
    name: `platform on Deno, without the C library: ${name}`,
    // Deno does not tell of a real-time signal, and keeps what it killed for ever.
    sanitizeResources: !name.startsWith("a real-time signal"),
    fn: async () => await keep({ ...platform, files, events: denoEvents(), processes }),
  });
}
