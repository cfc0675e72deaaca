/** What is edited in the configuration of a baton that runs does not count, and is told of. */
import { assertEquals } from "@std/assert";
import { Baton, Project } from "./baton.ts";

const CONFIG =
  '{\n  "command": "sleep 600",\n  "ext": ["py"], // so that this file is not watched\n}\n';

Deno.test("an edit of the configuration is told of once, also where its kind of file is not watched", async () => {
  for (const name of ["baton.jsonc", "deno.json"]) {
    const text = name === "deno.json" ? `{"baton": ${CONFIG}}` : CONFIG;
    using project = new Project({ [name]: text, "app.py": "" });
    await using baton = new Baton(project, ["sleep", "600"]);
    await baton.up();
    project.write(name, text);
    project.swap(name, text.replace("sleep 600", "sleep 601"));
    await baton.event("warning", ({ what }) => what.startsWith(`"${name}" changed`));
    project.write(name, text.replace("sleep 600", "sleep 602"));
    project.write("app.py", "1");
    await baton.event("ready", ({ generation }) => generation === 2);
    assertEquals(await baton.stop("SIGTERM"), 0, baton.transcript());
    const warnings = baton.events.filter(({ type }) => type === "warning");
    assertEquals(warnings.length, 1, baton.transcript());
  }
});
