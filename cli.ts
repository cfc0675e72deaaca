/**
 * The command line of baton.
 *
 * @module
 */
import { main } from "./lib/main.ts";
import { platform } from "./lib/platform/select.ts";

if (import.meta.main) {
  const outside = platform();
  outside.exit(await main(outside));
}
