/** The client's package, from npm into a fresh folder: its types, and what it does on each runtime. */
import { assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { declarations } from "../../tools/release/declarations.ts";
import { packClient } from "../../tools/release/npm_client.ts";
import { toolFromNpm } from "../../tools/tool_from_npm.ts";

const npm = findOnPath("npm");
if (npm === null) console.warn("SKIPPED: there is no npm to install the client's package with");
const tsc = npm && await toolFromNpm("tsc", "typescript@5");
if (tsc === null) console.warn("SKIPPED: the client's types, as npm cannot install TypeScript");

const APP = `import { type Baton, join, type ListenTarget } from "baton-client";
const baton: Baton = await join({ exclusive: true });
const state: { count: number } = await baton.restore({ count: 0 });
const target: ListenTarget = baton.listener({ port: 8000 });
baton.component("http", () => Promise.resolve(), { serves: true, timeoutMs: 1_000, join: () => {} });
baton.component("queue", { save: () => [1] });
baton.onSave(() => state);
baton.ready();
await baton.checkpoint();
console.log(JSON.stringify({ state, target, generation: baton.generation }));
`;
const JAVASCRIPT = APP
  .replace("type Baton, join, type ListenTarget", "join")
  .replaceAll(/^const (\w+): .*? = /gm, "const $1 = ");
const SAID = '{"state":{"count":0},"target":{"port":8000,"host":"127.0.0.1"},"generation":1}\n';

const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  node: ["app.mjs"],
  bun: ["app.ts"],
  deno: ["run", "--no-config", "--node-modules-dir=manual", "-A", "app.ts"],
};

async function said(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd })
    .output();
  const [out, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`"${command} ${args.join(" ")}" failed:\n${out}${complaint}`);
  return out!;
}

Deno.test({
  name:
    "the npm package of the client has its types, and runs on Node, Bun and Deno, and bundled to CommonJS",
  ignore: npm === null,
  fn: async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "baton-npm-client-" }));
    try {
      await packClient(folder);
      const [{ name }] = [...Deno.readDirSync(folder)] as [Deno.DirEntry];
      Deno.writeTextFileSync(`${folder}/package.json`, '{ "type": "module" }');
      await said(npm!, ["install", "--offline", "--no-audit", `./${name}`], folder);
      Deno.writeTextFileSync(`${folder}/app.ts`, APP);
      Deno.writeTextFileSync(`${folder}/app.mjs`, JAVASCRIPT);
      if (tsc !== null) {
        const strict = ["--strict", "--exactOptionalPropertyTypes", "--noEmit"];
        const modules = ["--target", "es2022", "--module", "nodenext"];
        assertEquals(await said(tsc, [...strict, ...modules, "app.ts"], folder), "");
      }
      const bundled = Deno.readTextFileSync(`${folder}/node_modules/baton-client/baton.js`)
        .replaceAll("import.meta", "({})"); // What bundlers make of it where they write CommonJS.
      Deno.writeTextFileSync(`${folder}/bundled.mjs`, bundled);
      const importing = JAVASCRIPT.replace('"baton-client"', '"./bundled.mjs"');
      Deno.writeTextFileSync(`${folder}/importing.mjs`, importing);
      assertEquals(await said("node", ["importing.mjs"], folder), SAID);
      for (const [runtime, args] of Object.entries(RUNTIMES)) {
        const command = runtime === "deno" ? Deno.execPath() : findOnPath(runtime);
        if (command === null) console.warn(`SKIPPED: the client's package on ${runtime}`);
        else assertEquals(await said(command, args, folder), SAID, runtime);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("the types of a module that re-exports are those that it names", () => {
  const sources = [
    "/** Not this. */\nexport interface B {\n  b: 1;\n}\n",
    "/** An a. */\nexport interface A {\n  readonly a: 1;\n}\n/** Or. */\nexport type C =\n  | 1\n  | 2;\n",
    "/** Does. */\nexport async function f(options: A = {}): Promise<C> {\n  return 1;\n}\n",
  ];
  assertEquals(
    declarations('export type { A, C } from "./a.ts";\nexport { f } from "./f.ts";\n', sources),
    "/** An a. */\nexport interface A {\n  readonly a: 1;\n}\n\n/** Or. */\nexport type C =\n  | 1\n  | 2;\n\n" +
      "/** Does. */\nexport declare function f(options?: A): Promise<C>;\n",
  );
});
