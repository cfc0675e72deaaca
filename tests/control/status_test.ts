import { assertEquals } from "@std/assert";
import { statusOf } from "../../lib/control/status.ts";
import { progress, save } from "../decide/play.ts";
import { World } from "../decide/world.ts";
import { FakePlatform } from "../support/fake_platform.ts";

function status(world: World) {
  const { state, live, candidate, changed } = statusOf({
    platform: new FakePlatform(),
    settings: { cwd: "/project", command: ["server"] },
    stateDir: "/project/.baton",
    machine: world.machine,
    isWatching: true,
    holds: [],
    tree: null,
    differences: (generation) => [`since ${generation}`],
  });
  return [state, live?.generation, live?.ready, candidate?.generation, changed];
}

Deno.test("behind a proxy the one that serves is what runs, also while the old one ends its requests", () => {
  const world = new World("silent", { proxy: { kind: "tcp", host: "127.0.0.1", port: 8_000 } });
  assertEquals(status(world), ["running", 1, false, undefined, ["since 1"]]);
  progress(world, 1);
  save(world, "silent");
  assertEquals(status(world), ["booting", 1, true, 2, ["since 1"]]);
  progress(world, 2);
  assertEquals(status(world), ["leaving", 2, true, undefined, ["since 2"]]);
  progress(world, 1, 3);
  assertEquals(status(world), ["running", 2, true, undefined, ["since 2"]]);
});
