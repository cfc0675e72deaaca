/** Many files at once, and two saves close to each other. */
import { assertEquals } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { waitUntil } from "../support/wait_until.ts";
import { fixture, Stage } from "./fixtures.ts";

/** That nothing more comes is seen by a change of its own, which must start the generation after. */
async function assertNextIs(stage: Stage, generation: number): Promise<void> {
  const { baton } = stage;
  await baton.event("ready", (event) => event.generation === generation - 1);
  stage.project.write("last.txt", "last");
  const ready = await baton.event("ready", ({ changed }) => changed.includes("last.txt"), {
    withinMs: 30_000,
  });
  assertEquals([ready.generation, ready.changed], [generation, ["last.txt"]], baton.transcript());
}

Deno.test("two saves 5 ms apart are one restart", async () => {
  await using stage = new Stage(fixture("tells_how_it_was_started.sh"));
  await stage.baton.up();
  stage.project.write("first.txt", "1");
  await new Promise((resolve) => setTimeout(resolve, 5));
  stage.project.write("second.txt", "2");
  await stage.baton.prints(
    "generation 2: arguments [] changed [first.txt second.txt ]",
  );
  await assertNextIs(stage, 3);
});

Deno.test("10,000 files created at once are one restart", async () => {
  await using stage = new Stage(fixture("tells_how_it_was_started.sh"), {
    args: ["--settle", "2s", "--max-wait", "40s"],
  });
  const { baton, project } = stage;
  await baton.up();
  for (let folder = 0; folder < 100; folder++) {
    ensureDirSync(project.path(`many/${folder}`));
    for (let file = 0; file < 100; file++) {
      Deno.writeTextFileSync(project.path(`many/${folder}/${file}`), "1");
    }
  }
  const ready = await baton.event("ready", ({ generation }) => generation === 2, {
    withinMs: 30_000,
  });
  assertEquals(ready.changed.length, 10_000);
  await waitUntil("it prints", () => baton.stdout.includes("generation 2: "));
  await assertNextIs(stage, 3);
});

Deno.test("--restart-args from generation 2 on, and BATON_CHANGED", async () => {
  await using stage = new Stage(fixture("tells_how_it_was_started.sh", "--port", "1"), {
    args: ["--restart-args=--restart"],
  });
  await stage.baton.up();
  await stage.baton.prints("generation 1: arguments [--port 1] changed [absent ]");
  stage.touch();
  await stage.baton.prints("generation 2: arguments [--port 1 --restart] changed [touched.txt ]");
});
