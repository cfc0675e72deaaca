/** Programs of ES modules in Deno, Bun and Node, from their first start to one from standby, and to one that cannot be. */
import { assertEquals, assertMatch } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { Baton, type LogEvent, Project } from "./baton.ts";

const SLOW = `const until = Date.now() + 200; // Longer than what is not worth a standby.
while (Date.now() < until);
export const seen = globalThis.own;
`;

const app = (serve: string) =>
  `import "./own.js";
import { seen } from "slow";
import process from "node:process";
const hook = [...process.execArgv, ...Object.keys(process.env)].filter((one) => /preload|STANDBY/.test(one));
const answer = () => new Response(["version 1", seen, ...hook].join());
${serve}
`;

const RUNTIMES = {
  Deno: {
    main: "app.ts",
    command: ["deno", "run", "-A", "app.ts"],
    serve: "Deno.serve({ port: Number(process.env.PORT), onListen() {} }, answer);",
  },
  Bun: {
    main: "app.ts",
    command: ["bun", "app.ts"],
    serve: "Bun.serve({ port: Number(process.env.PORT), fetch: answer });",
  },
  Node: {
    main: "app.js",
    command: [Deno.env.get("NODE") ?? "node", "app.js"],
    serve: `import { createServer } from "node:http";
createServer(async (_, response) => response.end(await answer().text())).listen(Number(process.env.PORT));`,
  },
};

for (const [runtime, { main, command, serve }] of Object.entries(RUNTIMES)) {
  Deno.test(`a server in ${runtime} comes from standby with its packages linked, and none of them run`, async () => {
    const text = app(serve);
    const port = freePort();
    using project = new Project({
      [main]: text,
      "own.js": "globalThis.own = 1;",
      "package.json": '{ "type": "module" }',
      "node_modules/slow/package.json": '{ "type": "module", "main": "index.js" }',
      "node_modules/slow/index.js": SLOW,
    });
    await using baton = new Baton(project, command, {
      args: ["-v", "--ready", `http://127.0.0.1:${port}/`],
      env: { PORT: `${port}` },
    });
    const answer = async () => await (await fetch(`http://127.0.0.1:${port}/`)).text();
    const ready = (generation: number) =>
      baton.event("ready", (event) => event.generation === generation);
    const parked = (generation: number) =>
      baton.event(
        "standby",
        ({ news }: LogEvent) => news.type === "parked" && news.generation === generation,
      );
    await baton.up();
    await parked(2);
    project.swap("own.js", "globalThis.own = 2;");
    assertEquals((await ready(2)).standby, { type: "standby" });
    assertEquals(await answer(), "version 1,2");

    await parked(3);
    project.swap(main, text.replace("version 1", "version 3"));
    assertEquals((await ready(3)).standby, { type: "standby" });
    assertEquals(await answer(), "version 3,2");

    await parked(4);
    project.swap(main, text.replace('import "./own.js"', "import {} from './own.js'"));
    const { standby } = await ready(4);
    assertEquals(standby.type, "cold");
    assertMatch(standby.why, /the imports of .*app\.[jt]s are others/);
    assertEquals(await answer(), "version 1,2");
    assertEquals(await baton.stop(), 0);
  });
}
