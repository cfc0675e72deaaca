import { FakePlatform } from "../support/fake_platform.ts";
import { digestContract } from "./contract/digests.ts";
import { fileContract } from "./contract/files.ts";
import { pipeContract } from "./contract/pipes.ts";

const platform = new FakePlatform();

// Time, processes, events and terminal are played by the test that uses the fake.
for (const { name, keep } of [...fileContract, ...pipeContract, ...digestContract]) {
  Deno.test(`fake platform: ${name}`, async () => await keep(platform));
}
