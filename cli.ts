/**
 * The command line of baton.
 *
 * @module
 */
import process from "node:process";
import { main } from "./lib/main.ts";
import { platform } from "./lib/platform/select.ts";

if (import.meta.main) process.exit(await main(platform()));
