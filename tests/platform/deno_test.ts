import { denoPlatform } from "../../lib/platform/deno.ts";
import { denoEvents } from "../../lib/platform/deno_events.ts";
import type { Files } from "../../lib/platform/platform.ts";
import { openStamps } from "../../lib/platform/stamps.ts";
import { contract } from "./contract.ts";
import { eventContract } from "./contract/events.ts";
import { stampContract } from "./contract/stamps.ts";

const platform = denoPlatform();

for (const { name, keep } of contract) {
  Deno.test(`platform on Deno: ${name}`, async () => await keep(platform));
}

const files: Files = { ...platform.files, openStamps: () => openStamps(null, platform.files.stat) };

for (const { name, keep } of [...eventContract, ...stampContract]) {
  Deno.test(
    `platform on Deno, without the C library: ${name}`,
    async () => await keep({ ...platform, files, events: denoEvents() }),
  );
}
