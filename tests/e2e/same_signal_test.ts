import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";

Deno.test("a signal that a task runner passes on as well is one: the program still saves", async () => {
  const component = 'import time\napp.component("slow", lambda: time.sleep(0.3))\napp.ready()';
  using project = new Project({ "app.py": COUNTING.replace("app.ready()", component) });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("ready", ({ announced }) => announced);
  baton.kill("SIGINT");
  await waitUntil("it stops", () => baton.count("stopping") > 0);
  baton.kill("SIGINT");
  baton.kill("SIGTERM");
  assertEquals(await baton.end(), 0);
  assertEquals(baton.events.at(-1)?.state?.envelope.kind, "final", baton.transcript());
});
