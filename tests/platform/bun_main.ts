/** Keeps every clause of the contract on the runtime that runs this, and prints one line of JSON each. */
import process from "node:process";
import { platform } from "../../lib/platform/select.ts";
import { contract } from "./contract.ts";

const here = platform();
for (const { name, keep } of contract) {
  let error: string | null = null;
  try {
    await keep(here);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
  }
  console.log(JSON.stringify({ name, error }));
}
console.log(JSON.stringify({ platform: here.name }));
process.exit(0);
