import { CONTENTS, type World } from "./world.ts";

/** One thing that may happen, by chance. */
export function happen(world: World, [what, chance]: readonly [number, number]): void {
  const process = world.living[chance % Math.max(1, world.living.length)];
  const timers = [...world.timers];
  switch (what) {
    case 0:
      if (world.machine.context.policy.rules.length > 0) {
        world.rule = chance % 2 === 0 ? undefined : chance % 4;
      }
      return chance % 3 === 0
        ? world.revert(1 + chance % world.versions)
        : world.save(CONTENTS[chance % CONTENTS.length]!);
    case 1:
      return world.look();
    case 2:
      return world.settle();
    case 3:
      if (timers.length > 0) world.fire(timers[chance % timers.length]!);
      return;
    case 4:
      if (process && chance % 7 === 0) world.exit(process, chance % 3);
      if (process && chance % 7 === 1) world.hangUp(process);
      return;
    case 5:
      if (chance % 11 === 0) world.post({ type: "restart", at: world.now });
      return;
    case 6:
      return world.rewrite();
    case 7:
      if (chance % 3 > 0) world.endCommands(chance % 3 - 1);
      return;
    default:
      if (process) world.progress(process, chance);
  }
}
