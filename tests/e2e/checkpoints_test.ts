/** States that a program saves unasked. */
import { assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Baton, Project } from "./baton.ts";
import { fixture, FIXTURES, Stage } from "./fixtures.ts";
import { COUNTING, edit } from "./programs.ts";

Deno.test("a checkpoint that the next one overtook is no fault; the same saved once more is believed", async () => {
  await using stage = new Stage(fixture("overtakes_its_checkpoints.py"));
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("checkpoint");
  stage.touch();
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals([ready.state.envelope.generation, ready.state.envelope.sizeBytes], [1, 14]);
  assertEquals(baton.count("state-rejected"), 0, baton.transcript());
});

Deno.test("a program that someone else ends by SIGTERM has saved: the next one goes on from there", async () => {
  const pid = "import os\nprint('pid', os.getpid(), flush=True)\n";
  using project = new Project({ "app.py": pid + COUNTING });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  Deno.kill(Number(/^pid (\d+)$/m.exec(baton.stdout)?.[1]), "SIGTERM");
  const { state } = await baton.event("ended");
  assertEquals([state?.envelope.kind, state?.envelope.generation], ["final", 1]);
  project.write("app.py", edit("VERSION = 2"));
  await baton.prints("version 2 count 1");
});

const DENO = [Deno.execPath(), "run", "-A", "--no-config", "--quiet"];
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  Python: [PYTHON, `${FIXTURES}cannot_save_for_a_while.py`],
  TypeScript: [...DENO, `${FIXTURES}cannot_save_for_a_while.ts`],
};
for (const [client, program] of Object.entries(CLIENTS)) {
  for (const handoff of ["overlapped", "sequential"]) {
    Deno.test(`a program that cannot save goes on serving, and a change costs nothing: ${client}, ${handoff}`, async () => {
      using project = new Project({ "touched.txt": "0" });
      const file = `${project.dir}/can_save`;
      const args = ["--handoff", handoff, "--ignore", "can_save"];
      await using baton = new Baton(project, [...program, file], { args });
      await baton.event("armed");
      await baton.event("ready", ({ announced }) => announced);
      project.write("touched.txt", "1");
      const { generation, changed, why } = await baton.event("handoff-refused");
      assertEquals([generation, changed], [1, ["touched.txt"]]);
      assertMatch(why, /socket|serializable/);
      assertEquals([baton.count("ended"), baton.count("hook")], [0, 0], baton.transcript());
      project.write("can_save", "");
      project.write("touched.txt", "2");
      const next = handoff === "overlapped" ? 3 : 2;
      await baton.prints(`generation ${next} resumes 1`);
      const ready = await baton.event("ready", ({ from }) => from === 1);
      assertEquals(ready.mode, handoff);
    });
  }
}
