import { assertEquals } from "@std/assert";
import { interpreterOf, whyUnknown } from "../../lib/standby/interpreter.ts";
import { platform } from "../support/platform.ts";
import { Project } from "../e2e/baton.ts";

Deno.test("a command leads to an interpreter by its name, or by what its script names", () => {
  using project = new Project({
    "bin/tool": "#!/usr/bin/env node\n",
    "bin/other": "#!/bin/sh\nexec node app.js\n",
    "bin/nodes": "#!/usr/bin/env nodes\n",
  });
  const of = (...command: string[]) => interpreterOf(platform(), command, project.path("bin"));
  assertEquals(["node", "/usr/bin/node", "npm", "npx", "pnpm", "yarn"].map((one) => of(one)), [
    ...Array(6).fill("node"),
  ]);
  assertEquals([of("tool"), of(project.path("bin/tool"))], ["node", "node"]);
  assertEquals([of("other"), of("nodes"), of("python3"), of("nothing"), of()], [
    ...Array(5).fill(null),
  ]);
  assertEquals([of("bun", "app.ts"), of("deno", "run", "app.ts")], ["bun", "deno"]);
  assertEquals(of("sh", "-c", "cd api && A=1 exec node app.js"), "node");
  assertEquals([of("sh", "-c", "node a.js; node b.js"), of("sh", "-c", "python a.py")], [
    null,
    null,
  ]);
});

Deno.test("it is said why nothing is learned of a program", () => {
  const why = (...command: string[]) => whyUnknown(platform(), command, "");
  assertEquals(why("bun", "app.ts"), "no interpreter that it knows has reported");
  assertEquals(why("bun", "--watch", "app.ts"), 'it is started with "--watch"');
  assertEquals(
    why("deno", "run", "--allow-net", "app.ts"),
    'it is started with "--allow-net"',
  );
  assertEquals(why("node"), "it is not known to load anything that could be loaded ahead");
  assertEquals(why("ruby"), "no interpreter that it knows has reported");
});
