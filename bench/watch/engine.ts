/** Baton's watch by itself, over the folder it is started in: says `armed` and `changed`, and no more. */
import { DEFAULTS } from "../../lib/settings.ts";
import { platform } from "../../lib/platform/select.ts";
import { Watch } from "../../lib/watch/watch.ts";

const on = platform();
const stateDir = `${on.cwd}/.baton`;
on.files.makeDir(stateDir);
const settings = { ...DEFAULTS, cwd: on.cwd, stateDir };
const watch = new Watch(on, settings, ({ type }) => console.log(type));
await watch.arm(on.clock.wallNow());
