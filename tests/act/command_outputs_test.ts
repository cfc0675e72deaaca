import { assertEquals } from "@std/assert";
import { CommandOutputs } from "../../lib/act/command_outputs.ts";
import type { Explanation } from "../../lib/errors.ts";

/** Builds, each of which `changes` end after so many milliseconds. */
class Builds {
  at = 0;
  readonly told: Explanation[] = [];
  readonly outputs = new CommandOutputs({ now: () => this.at }, (what) => this.told.push(what));

  /** Returns how long it waited before it began, and whether it may go on. */
  build(path: string, afterMs: number): { waitMs: number; goesOn: boolean } {
    const { waitMs } = this.outputs;
    this.at += waitMs;
    this.outputs.began();
    this.at += afterMs;
    this.outputs.changed([path], this.at);
    const goesOn = this.outputs.isWritten(path);
    if (goesOn) this.outputs.ended();
    else this.outputs.cut();
    return { waitMs, goesOn };
  }
}

Deno.test("what changes in each build at its time is written by the build, and told of once", () => {
  const builds = new Builds();
  const outcomes = [40, 55, 48, 40].map((afterMs) => builds.build("gen.ts", afterMs));
  assertEquals(outcomes.map(({ goesOn }) => goesOn), [false, false, true, true]);
  assertEquals(outcomes.map(({ waitMs }) => waitMs), [0, 0, 1_500, 0]);
  assertEquals(builds.told.map(({ what }) => what), [
    'A command that a rule runs writes "gen.ts" itself, which the rule names',
  ]);
});

Deno.test("who saves every second is no command", () => {
  const builds = new Builds();
  builds.build("app.ts", 900);
  builds.build("app.ts", 900);
  assertEquals(builds.outputs.waitMs, 1_500);
  builds.outputs.changed(["app.ts"], builds.at += 900); // while it waits
  assertEquals(builds.outputs.waitMs, 0);
  assertEquals(builds.build("app.ts", 900).goesOn, false);
  assertEquals(builds.build("app.ts", 2_400).goesOn, false);
  assertEquals(builds.told, []);
});

Deno.test("a save of what a command writes counts where it comes at another time", () => {
  const builds = new Builds();
  for (const afterMs of [40, 40, 40]) builds.build("gen.ts", afterMs);
  assertEquals(builds.build("gen.ts", 3_000).goesOn, false);
  builds.outputs.changed(["gen.ts"], builds.at += 40); // while nothing is built
  assertEquals(builds.outputs.isWritten("gen.ts"), false);
  builds.outputs.began();
  builds.outputs.changed(["gen.ts"], builds.at += 40);
  assertEquals(builds.outputs.isWritten("gen.ts"), true);
  builds.outputs.changed(["gen.ts"], builds.at += 4_000); // saved over it
  assertEquals(builds.outputs.isWritten("gen.ts"), false);
});

Deno.test("a build that came through, or another file, begins the count anew", () => {
  const builds = new Builds();
  builds.build("app.ts", 40);
  builds.build("app.ts", 40);
  builds.outputs.began();
  builds.outputs.ended();
  assertEquals(builds.build("app.ts", 40).goesOn, false);
  builds.build("other.ts", 40);
  assertEquals(builds.build("app.ts", 40).goesOn, false);
});
