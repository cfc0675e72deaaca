import { denoPlatform } from "../../lib/platform/deno.ts";
import { denoEvents } from "../../lib/platform/deno_events.ts";
import { contract } from "./contract.ts";
import { eventContract } from "./contract/events.ts";

const platform = denoPlatform();

for (const { name, keep } of contract) {
  Deno.test(`platform on Deno: ${name}`, async () => await keep(platform));
}

for (const { name, keep } of eventContract) {
  Deno.test(
    `platform on Deno, without the C library: ${name}`,
    async () => await keep({ ...platform, events: denoEvents() }),
  );
}
