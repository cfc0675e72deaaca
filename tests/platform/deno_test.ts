import { denoPlatform } from "../../lib/platform/deno.ts";
import { denoEvents } from "../../lib/platform/deno_events.ts";
import type { Files } from "../../lib/platform/platform.ts";
import { processes as processesOf } from "../../lib/platform/processes.ts";
import { spawnDeno } from "../../lib/platform/spawn_deno.ts";
import { openStamps } from "../../lib/platform/stamps.ts";
import { contract } from "./contract.ts";
import { eventContract } from "./contract/events.ts";
import { processContract } from "./contract/processes.ts";
import { stampContract } from "./contract/stamps.ts";

const platform = denoPlatform();

for (const { name, keep } of contract) {
  Deno.test(`platform on Deno: ${name}`, async () => await keep(platform));
}

const files: Files = { ...platform.files, openStamps: () => openStamps(null, platform.files.stat) };
const processes = processesOf(spawnDeno, files);

for (const { name, keep } of [...eventContract, ...stampContract, ...processContract]) {
  Deno.test(
    `platform on Deno, without the C library: ${name}`,
    async () => await keep({ ...platform, files, events: denoEvents(), processes }),
  );
}
