import { denoPlatform } from "../../lib/platform/deno.ts";
import { contract } from "./contract.ts";

const platform = denoPlatform();

for (const { name, keep } of contract) {
  Deno.test(`platform on Deno: ${name}`, async () => await keep(platform));
}
