/** Whoever asks what the files hold is told once whatever has happened is known. */
import { assertEquals } from "@std/assert";
import type { Clock } from "../../lib/platform/platform.ts";
import { platform as realPlatform } from "../support/platform.ts";
import { DEFAULTS } from "../../lib/settings.ts";
import { Watch } from "../../lib/watch/watch.ts";

const FILES = 200;

Deno.test("what changed before the watch has looked at all files is known after a sync, whenever that is asked", async () => {
  const cwd = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-sync-" }));
  const write = (text: string) => {
    for (let file = 0; file < FILES; file++) Deno.writeTextFileSync(`${cwd}/${file}.txt`, text);
  };
  write("0");
  Deno.mkdirSync(`${cwd}/.baton`);
  const platform = realPlatform();
  let looks = 0;
  // Every slice of the work is one step, so that much comes between.
  const clock: Clock = { ...platform.clock, now: () => platform.clock.now() + 10 * ++looks };
  const settings = { ...DEFAULTS, cwd, stateDir: `${cwd}/.baton` };
  let isWatched = false;
  const watch = new Watch({ ...platform, clock }, settings, ({ type }) => {
    isWatched ||= type === "armed";
  });
  const since = Deno.statSync(`${cwd}/.baton`).ctime!.getTime();
  watch.mark(1);
  write("1");
  let isArmed = false;
  const armed = watch.arm(since).then(() => isArmed = true);
  const asked: Promise<number>[] = [];
  // Asked before anything is watched, the first would wait for a look at all files, and the others for that.
  while (!isArmed && asked.length < 50) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (isWatched) asked.push(watch.sync().then(() => watch.differences(1).length));
  }
  const known = await Promise.all(asked);
  await armed;
  await watch.close();
  Deno.removeSync(cwd, { recursive: true });
  assertEquals(known.filter((count) => count < FILES), []);
});
