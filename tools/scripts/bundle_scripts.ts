/** Makes scripts of baton's modules, which an executable runs with what V8 made of them before. */
import { ensureDir } from "@std/fs/ensure-dir";
import { type GetModuleInfo, type OutputChunk, rollup } from "rollup";
import { CODE } from "./load.ts";

/**
 * What makes a script, by what its modules export, with all that they import and no script before has: what is loaded
 * for any command, to ask a baton that runs, and for each start on Deno. Each script has to be found, read and run.
 */
const SCRIPTS = [
  { name: "cli", exports: ["run"] },
  { name: "ask", exports: ["control", "caller"] },
  { name: "start", exports: ["main", "selectPlatform", "denoPlatform"] },
];

/**
 * Writes to `folder`: the scripts, made of the modules that `bundleParts` wrote to `modules`, each with an empty file
 * for its code; `main.js`, which runs baton; and `record.js`, which does that and then writes the code of the scripts
 * that it loaded to the folder that CODE_FOLDER names, if it does.
 */
export async function bundleScripts(modules: string, folder: string): Promise<void> {
  const chunks = await chunksOf(`${modules}/cli.js`);
  await ensureDir(`${folder}/scripts`);
  for (const { fileName, code } of chunks) {
    const path = `${folder}/scripts/${fileName}`;
    await Deno.writeTextFile(path, `(function(exports,require){${code}\n})`);
    await Deno.writeFile(`${path}${CODE}`, new Uint8Array());
  }
  await Deno.copyFile(new URL("load.ts", import.meta.url), `${folder}/load.ts`);
  const scripts = loaderOf(chunks);
  await Deno.writeTextFile(`${folder}/main.js`, `${scripts}process.exit(await run(args));\n`);
  await Deno.writeTextFile(`${folder}/record.js`, `${scripts}${RECORD}`);
}

async function chunksOf(input: string): Promise<readonly OutputChunk[]> {
  const bundle = await rollup({
    input,
    external: /^node:/,
    preserveEntrySignatures: "allow-extension",
  });
  let scriptOf: ReadonlyMap<string, string> | null = null;
  const { output } = await bundle.generate({
    format: "cjs",
    compact: true,
    interop: "esModule",
    dynamicImportInCjs: false,
    hoistTransitiveImports: false,
    entryFileNames: "[name].script",
    chunkFileNames: "[name].script",
    manualChunks(id, { getModuleIds, getModuleInfo }) {
      scriptOf ??= divide([...getModuleIds()], getModuleInfo);
      return scriptOf.get(id) ?? null;
    },
  });
  await bundle.close();
  return output.filter((one) => one.type === "chunk");
}

/** The script of each module that is in one of `SCRIPTS`: in the first that needs it. */
function divide(ids: readonly string[], infoOf: GetModuleInfo): ReadonlyMap<string, string> {
  const scriptOf = new Map<string, string>();
  for (const { name, exports } of SCRIPTS) {
    const add = (id: string) => {
      if (id.startsWith("node:") || scriptOf.has(id)) return;
      scriptOf.set(id, name);
      infoOf(id)?.importedIds.forEach(add);
    };
    for (const exported of exports) {
      const id = ids.find((each) => infoOf(each)?.exports?.includes(exported));
      if (id === undefined) throw new Error(`No module of baton exports "${exported}"`);
      add(id);
    }
  }
  return scriptOf;
}

/** The runtime's modules are imported here: a script cannot, and asking for one by its name takes a millisecond. */
function loaderOf(chunks: readonly OutputChunk[]): string {
  const imported = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  const names = [...new Set(imported.filter((id) => id.startsWith("node:")))];
  const builtIn = names.map((name, at) => `"${name}": module${at}`).join(", ");
  return [
    `import process from "node:process";`,
    `import { Scripts } from "./load.ts";`,
    ...names.map((name, at) => `import * as module${at} from "${name}";`),
    "const folder = `${import.meta.dirname}/scripts`;",
    `const scripts = new Scripts(folder, { ${builtIn} });`,
    `const { run } = scripts.load("./cli.script");`,
    `const args = process.argv.slice(2);`,
    "",
  ].join("\n");
}

const RECORD = `
const codeFolder = Deno.env.get("CODE_FOLDER");
Deno.env.delete("CODE_FOLDER");
const status = await run(args);
if (codeFolder !== undefined) scripts.writeCode(codeFolder);
process.exit(status);
`;
