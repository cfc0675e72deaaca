/** A Node program that is parked for the next generation, behind a real baton. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { nodeLanguage } from "../standby/support/node.ts";
import { Baton, Project } from "./baton.ts";

const NODE = Deno.env.get("NODE") ?? "node";

const APP = `const VERSION = 1;
require("slow");
console.log("version", VERSION, "pid", process.pid, process.env.NODE_OPTIONS, require("envy"));
setInterval(() => {}, 1000);
`;

Deno.test("a Node program comes from standby; where it has to start over another process takes its place", async () => {
  const { files } = nodeLanguage(NODE);
  // It takes long enough that one is parked for it.
  const slow = "const until = Date.now() + 200; while (Date.now() < until);";
  using project = new Project({
    "app.js": APP,
    ...files,
    "node_modules/slow/index.js": slow,
    "package.json": '{ "scripts": { "dev": "node app.js" } }',
  });
  await using baton = new Baton(project, ["npm", "run", "dev"], {
    args: ["--standby", "auto"],
    env: { NODE_OPTIONS: "--no-deprecation" },
  });
  await baton.up();
  const edits = [
    ["VERSION = 2;", "standby", "none"],
    ["VERSION = 3; process.env.ENVY = 'new';", "cold", "new"],
    ["VERSION = 4; process.env.ENVY = 'new';", "standby", "new"],
  ] as const;
  for (const [index, [text, from, value]] of edits.entries()) {
    const generation = index + 2;
    await baton.event(
      "standby",
      ({ news }) => news.type === "parked" && news.generation === generation,
    );
    project.swap("app.js", APP.replace("VERSION = 1;", text));
    const line = `^version ${generation} pid \\d+ --no-deprecation ${value}$`;
    await baton.line(new RegExp(line, "m"));
    const ready = await baton.event("ready", (event) => event.generation === generation);
    // Of a program that announces nothing it is known later that it has started over.
    if (from === "standby") assertEquals(ready.standby, { type: "standby" });
  }
  assertStringIncludes(baton.stdout, "> dev");
  const pids = [...baton.stdout.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
  assertEquals(await baton.stop(), 0);
  assertEquals(pids.filter(isAlive), []);
});

function isAlive(pid: number): boolean {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("app.js");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
