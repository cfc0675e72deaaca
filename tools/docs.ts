/** Runs every generator; `--check` is passed on: then each fails where its files are not up to date. */
import { registryFlags } from "./registry_flags.ts";

const GENERATORS = [
  "docs_configure.ts",
  "docs_control.ts",
  "docs_decide.ts",
  "docs_log.ts",
  "docs_protocol.ts",
  "embed_clients.ts",
  "embed_pages.ts",
  "embed_session_leader.ts",
  "release/go_module.ts",
];

const flags = await registryFlags();
let failed = false;
for (const generator of GENERATORS) {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...flags, `tools/${generator}`, ...Deno.args],
  }).spawn().status;
  failed ||= !success;
}
Deno.exit(failed ? 1 : 0);
