/** Real packages on Node: what runs from standby is what a cold start would have run. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Verified, verify } from "../../lib/standby/verify.ts";
import { platform } from "../support/platform.ts";
import { freePort } from "../support/free_port.ts";
import { nodeFrameworks } from "../support/node_packages.ts";
import { Project } from "../e2e/baton.ts";

const FOLDER = await nodeFrameworks();
const NODE = Deno.env.get("NODE") ?? "node";
const HOOK = new URL("../../clients/node/standby/hook.cjs", import.meta.url).pathname;

const APP = `require("dotenv").config();
const express = require("express");
const _ = require("lodash");
const axios = require("axios");
const { z } = require("zod");
const VERSION = 1;
const app = express();
app.use(express.json());
app.get("/", (_request, response) => response.send("version " + VERSION + process.env.SET));
app.listen(Number(process.env.PORT));
process.on("SIGTERM", () => process.exit(0));
`;

async function run(
  files: Readonly<Record<string, string>>,
  command: readonly string[],
  own = false,
): Promise<Verified> {
  const edited = Object.keys(files)[0]!;
  using project = new Project({ ".env": "SET=yes", ...files });
  const folder = Deno.makeTempDirSync({ prefix: "baton-standby-" });
  await new Deno.Command("cp", { args: ["-r", `${FOLDER}/node_modules`, project.dir] }).output();
  const port = freePort();
  let isSaved = false;
  try {
    return await verify(platform(), {
      launch: {
        command,
        cwd: project.dir,
        stdin: "null",
        env: {
          PATH: `${project.path("node_modules/.bin")}:${Deno.env.get("PATH")}`,
          HOME: project.dir,
          NODE_OPTIONS: `--require=${JSON.stringify(HOOK)}`,
          BATON_GENERATION: "2",
          PORT: `${port}`,
        },
      },
      folder,
      own,
      watched: {
        roots: [project.dir],
        covers: (path) => !path.includes("node_modules"),
      },
      changed: [edited],
      save() {
        isSaved = true;
        project.swap(edited, project.read(edited).replace("VERSION = 1", "VERSION = 2"));
      },
      async look() {
        const text = await (await fetch(`http://127.0.0.1:${port}/`)).text();
        assertEquals(text, `version ${isSaved ? 2 : 1}yes`);
      },
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test({
  name: "from standby as cold: express on Node",
  ignore: FOLDER === null,
  fn: async () => {
    const { differences, over, cut, modules } = await run({ "app.js": APP }, [NODE, "app.js", "a"]);
    assertEquals([differences, over, cut, modules > 100], [[], null, null, true]);
  },
});

Deno.test({
  name: "from standby as cold: express below npm run, with a package that patches it for good",
  ignore: FOLDER === null,
  fn: async () => {
    const files = {
      "app.js": APP.replace("const _ =", 'require("express-async-errors");\nconst _ ='),
      "package.json": '{ "scripts": { "dev": "cross-env A=1 node app.js" } }',
    };
    const { differences, over, cut, modules } = await run(files, ["npm", "run", "dev"]);
    assertEquals([differences, over, modules > 60], [[], null, true]);
    assertStringIncludes(cut ?? "", "for good");
  },
});

Deno.test({
  name: "from standby as cold: what packages require that an ES module on Node imports",
  ignore: FOLDER === null,
  fn: async () => {
    const imports = APP.replace(/^const (.*) = require\((".*")\);$/gm, "import $1 from $2;")
      .replace(/^require\(("dotenv").*$/m, "import dotenv from $1; dotenv.config();");
    const files = {
      "app.mjs": `import about from "./about.json" with { type: "json" };\n${imports}`,
      "about.json": "{}",
    };
    const { differences, over, modules } = await run(files, [NODE, "app.mjs"]);
    assertEquals([differences, over, modules > 60], [[], null, true]);
  },
});

for (const own of [true, false]) {
  Deno.test({
    name: `from standby as cold: ES modules on Node, ${
      own ? "those imported first run ahead" : "linked ahead"
    }`,
    ignore: FOLDER === null,
    fn: async () => {
      const code = APP.replace(/^.*\brequire\(.*$/gm, "");
      const imports = 'import express from "express";\nimport axios from "axios";\n' +
        'import _ from "lodash";\nimport { z } from "zod";\nimport "dotenv/config";\n';
      const files = { "app.mjs": `${imports}${code}` };
      const { differences, over, modules } = await run(files, [NODE, "app.mjs"], own);
      assertEquals([differences, over, modules > 200], [[], null, true]);
    },
  });
}
