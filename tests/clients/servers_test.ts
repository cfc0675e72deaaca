/** Servers of JavaScript's frameworks and runtimes, each with four more lines than it has without baton, under load. */
import { findOnPath } from "../../tools/find_on_path.ts";
import { packClient } from "../../tools/release/npm_client.ts";
import { type Counting, countsUnderLoad } from "../support/counts_under_load.ts";
import { tellsOfNoComponent } from "../support/no_component.ts";

const PACKAGES = ["express", "fastify", "hono"];
const MODULES = await nodeModules();

/** Made on first use, in this user's cache; with the client as it is now. Null where npm cannot, which is said. */
async function nodeModules(): Promise<string | null> {
  const npm = findOnPath("npm");
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/baton/servers`;
  const packed = Deno.makeTempDirSync({ prefix: "baton-servers-" });
  try {
    if (npm !== null) {
      Deno.mkdirSync(folder, { recursive: true });
      await packClient(packed);
      const [{ name }] = [...Deno.readDirSync(packed)] as [Deno.DirEntry];
      const args = ["install", "--no-save", "--no-audit", "--no-fund", "--prefer-offline"];
      const { success, stderr } = await new Deno.Command(npm, {
        args: [...args, "--prefix", folder, `${packed}/${name}`, ...PACKAGES],
        stdout: "null",
      }).output();
      if (success) return `${folder}/node_modules`;
      console.error(new TextDecoder().decode(stderr));
    }
    console.error(`SKIPPED: ${PACKAGES.join(", ")} cannot be installed by npm here`);
    return null;
  } finally {
    Deno.removeSync(packed, { recursive: true });
  }
}

/** A program: its own lines before and after those that every one of them has. */
const program = (before: string, serve: string) =>
  `import { join } from "baton-client";
${before}
const VERSION = 1;
const baton = await join();
const state = await baton.restore({ count: 0 });
baton.onSave(() => state);
const answer = () => ({ version: VERSION, count: ++state.count });
const port = Number(process.argv[2]);
${serve}
`;

const EXPRESS = program(
  'import express from "express";',
  `const app = express();
app.get("/", (_, response) => response.json(answer()));
baton.serve(app.listen(port, "127.0.0.1"));`,
);
const FASTIFY = program(
  'import Fastify from "fastify";',
  `const app = Fastify();
app.get("/", answer);
await app.listen({ port, host: "127.0.0.1" });
baton.serve(app.server);`,
);
const HONO = program(
  'import process from "node:process"; import { Hono } from "hono";',
  `const app = new Hono();
app.get("/", (c) => c.json(answer()));
baton.serve(Deno.serve({ port, hostname: "127.0.0.1" }, app.fetch));`,
);
const BUN = program(
  "",
  'baton.serve(Bun.serve({ port, hostname: "127.0.0.1", fetch: () => Response.json(answer()) }));',
);

const deno = [
  Deno.execPath(),
  "run",
  "-A",
  "--quiet",
  "--no-config",
  "--no-lock",
  "--node-modules-dir=manual",
];
const PROGRAMS: Readonly<Record<string, readonly [source: string, command: readonly string[]]>> = {
  "Express on Node": [EXPRESS, ["node"]],
  "Fastify on Node": [FASTIFY, ["node"]],
  "Hono, by Deno.serve": [HONO, deno],
  "Bun.serve": [BUN, ["bun"]],
};

for (const [name, [source, command]] of Object.entries(PROGRAMS)) {
  const isHere = findOnPath(command[0]!) !== null;
  if (!isHere) console.error(`SKIPPED: ${name}, as "${command[0]}" is not here`);
  const counting: Counting = {
    files: { "app.mjs": source, "package.json": '{ "type": "module" }' },
    edited: "app.mjs",
    command: (port) => [...command, "app.mjs", `${port}`],
    prepare: (folder) => Deno.symlinkSync(MODULES!, `${folder}/node_modules`),
  };
  Deno.test({
    name: `nothing answered is lost: ${name}`,
    ignore: MODULES === null || !isHere,
    fn: () => countsUnderLoad(counting),
  });
}

Deno.test({
  name: "a server that is no component is told of: Express on Node",
  ignore: MODULES === null || findOnPath("node") === null,
  fn: () =>
    tellsOfNoComponent({
      files: { "app.mjs": EXPRESS.replace(/baton.serve\((.*)\);/, "$1;\nbaton.ready();") },
      command: (port) => ["node", "app.mjs", `${port}`],
      prepare: (folder) => Deno.symlinkSync(MODULES!, `${folder}/node_modules`),
    }, "baton-ts"),
});
