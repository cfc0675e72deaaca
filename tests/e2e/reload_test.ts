/** The rung that reloads in place, with the Python client. */
import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Baton, Project } from "./baton.ts";
import { say } from "./say.ts";

const APP = `import os
import baton
import gui

app = baton.join()
app.restore({})
app.hot("gui")
app.on_reload(lambda error: print("reloaded", gui.draw(), app.generation, error, flush=True))
app.on_save(lambda: {})
app.ready()
print("up", gui.draw(), app.generation, flush=True)
app.wait()
`;

const GUI = `class Shape:
    __slots__ = ("a",)

def draw(): return "one"
`;

Deno.test("a save of a hot module is taken in place, and one that cannot be is a restart", async () => {
  using project = new Project({ "app.py": APP, "gui.py": GUI });
  await using baton = new Baton(project, [PYTHON, "app.py"], { args: ["--rule", "gui.py=reload"] });
  await baton.up();
  await baton.line(/up one 1\n/);
  await baton.trees();
  project.write("gui.py", GUI.replace("one", "two"));
  await baton.line(/reloaded two 1 None\n/);
  const broken = GUI.replace("def draw()", "def draw(:");
  project.write("gui.py", broken);
  await baton.line(/reloaded two 1 "gui\.py", line 4: SyntaxError/);
  const failed = await baton.event("candidate-failed");
  assertEquals([failed.live, failed.detail], [1, '"gui.py", line 4: SyntaxError: invalid syntax']);
  const waited = await say(project.dir, "wait");
  assertEquals([waited.code, /Where: gui\.py:4/.test(waited.stdout)], [1, true], waited.stdout);
  project.write("gui.py", GUI.replace("one", "mended"));
  await baton.line(/reloaded mended 1 None\n/);
  assertEquals([baton.count("started"), baton.count("declined")], [1, 0], baton.transcript());
  project.write("gui.py", GUI.replace("one", "three").replace('("a",)', '("a", "b")'));
  await baton.line(/reloaded mended 1 .*gui\.py", line 1: the slots of "Shape" have changed/);
  await baton.line(/up three 2\n/);
  assertEquals(await baton.stop(), 0);
});
