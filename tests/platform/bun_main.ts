/** Keeps every clause of the contract on the runtime that runs this, and prints one line of JSON each. */
import process from "node:process";
import { directFiles } from "../../lib/platform/linux/direct_files.ts";
import { nodeEvents } from "../../lib/platform/node/events.ts";
import type { Files, Platform } from "../../lib/platform/platform.ts";
import { platform } from "../support/platform.ts";
import { type Clause, contract } from "./contract.ts";
import { eventContract } from "./contract/events.ts";
import { directContract } from "./contract/direct_files.ts";

const here = platform();
for (const clause of contract) await tell(clause, here, clause.name);
const files: Files = { ...here.files, direct: () => directFiles(here.files, () => null) };
for (const clause of [...eventContract, ...directContract]) {
  const events = nodeEvents();
  await tell(clause, { ...here, files, events }, `without the C library: ${clause.name}`);
}
console.log(JSON.stringify({ platform: here.name }));
process.exit(0);

async function tell({ keep }: Clause, platform: Platform, name: string): Promise<void> {
  let error: string | null = null;
  try {
    await keep(platform);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
  }
  console.log(JSON.stringify({ name, error }));
}
