/**
 * Baton's watch by itself, over the folder it is started in: says `armed` and `changed` and, with
 * `--v8-flags=--expose-gc`, how many bytes are `live` once every file has been read. No more than that.
 */
import { DEFAULTS } from "../../lib/settings.ts";
import { platform } from "../../tests/support/platform.ts";
import { Watch } from "../../lib/watch/watch.ts";

const on = platform();
const stateDir = `${on.cwd}/.baton`;
on.files.makeDir(stateDir);
const settings = { ...DEFAULTS, cwd: on.cwd, stateDir };
const watch = new Watch(on, settings, ({ type }) => console.log(type));
await watch.arm(on.clock.wallNow());

const { gc } = globalThis as { readonly gc?: () => void };
if (gc !== undefined) {
  gc();
  const { heapUsed, external } = Deno.memoryUsage();
  console.log(`live ${heapUsed + external}`);
}
