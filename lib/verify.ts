/** `BATON_STANDBY=verify`: whether a program would run from standby as it does from a cold start. */
import { environmentOf, preloadOf } from "./act/environment.ts";
import { clientsFor, layOutClients } from "./client/injections.ts";
import { messageOf } from "./errors.ts";
import type { Platform } from "./platform/platform.ts";
import type { Settings } from "./settings.ts";
import { verify } from "./standby/verify.ts";
import { TemporaryFolder } from "./state/temporary.ts";
import { Watch } from "./watch/watch.ts";

const SAME = 0;
const DIFFERS = 1;

/**
 * Starts the command cold, from standby, and cold again, one after the other and without a pipe, and prints
 * where what it can see differs. Resolves with an exit status: 0 where it is the same, 1 where it differs or
 * there is nothing to compare.
 */
export async function verifyStandby(platform: Platform, settings: Settings): Promise<number> {
  const { command, cwd } = settings;
  const say = (line: string) => platform.terminal.writeErr(`baton: ${line}\n`);
  const folder = new TemporaryFolder(platform);
  const watch = new Watch(platform, settings, () => {});
  try {
    await watch.arm(platform.clock.wallNow());
    const clients = layOutClients(
      platform,
      () => folder.keep(),
      clientsFor(platform, settings),
    );
    await clients.load();
    const injections = clients.layOut();
    const env = environmentOf({
      inherited: platform.env(),
      generation: 2,
      startedAt: platform.clock.wallNow(),
      pipe: "",
      stateFile: "",
      stateOut: "",
      changed: [],
      injections,
    });
    delete env.BATON_PIPE; // It runs as without baton.
    const launch = { command, cwd, env, stdin: "null", preload: preloadOf(injections) } as const;
    const found = await verify(platform, {
      launch,
      folder: folder.dir,
      watched: watch.folders,
      own: settings.standby === "own",
    });
    const { differences, over, cut, modules } = found;
    say(`${modules} modules are loaded ahead${cut === null ? "" : `; then ${cut}`}`);
    if (over !== null) say(`It starts over: ${over}`);
    for (const difference of differences) say(`Differs: ${difference}`);
    if (differences.length === 0) say("What it can see from standby is what it can see cold");
    return differences.length === 0 ? SAME : DIFFERS;
  } catch (error) {
    say(`Nothing to compare: ${messageOf(error)}`);
    return DIFFERS;
  } finally {
    await watch.close();
    folder.remove();
  }
}
