/** The package for npm of the client for programs in TypeScript and JavaScript: `deno task pack:client`. */
import { expandGlobSync } from "@std/fs/expand-glob";
import { ensureDir } from "@std/fs/ensure-dir";
import { VERSION } from "../../lib/version.ts";
import { registryFlags } from "../registry_flags.ts";
import { declarations } from "./declarations.ts";
import { common, pack } from "./npm.ts";

const ROOT = new URL("../../", import.meta.url);
const CLIENT = new URL("lib/client/", ROOT);

/** Packs one module with its types. */
export async function packClient(into: string): Promise<void> {
  const manifest = {
    name: "baton-client",
    ...common(),
    description: "Hand a running program over to its next version, together with what it knows",
    keywords: ["restart", "reload", "state", "handoff", "hmr"],
    type: "module",
    exports: { ".": { types: "./baton.d.ts", default: "./baton.js" } },
    types: "./baton.d.ts",
    files: ["baton.js", "baton.d.ts"],
    sideEffects: false,
    engines: { node: ">=20.16" },
  };
  await pack(into, manifest, async (folder) => {
    const args = ["bundle", ...await registryFlags(), "--quiet", "-o", `${folder}/baton.js`];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [...args, new URL("mod.ts", CLIENT).pathname],
    }).spawn().status;
    if (!success) throw new Error("Deno could not bundle the client");
    const sources = Array.from(
      expandGlobSync("**/*.ts", {
        root: CLIENT.pathname,
        exclude: ["mod.ts", "injected_clients.ts", "injected_sources.ts"],
      }),
      ({ path }) => Deno.readTextFileSync(path),
    );
    const types = declarations(Deno.readTextFileSync(new URL("mod.ts", CLIENT)), sources);
    await Deno.writeTextFile(`${folder}/baton.d.ts`, types);
    await Deno.copyFile(new URL("clients/typescript/README.md", ROOT), `${folder}/README.md`);
  });
}

if (import.meta.main) {
  await ensureDir("dist");
  await packClient("dist");
  console.error(`Wrote dist/baton-client-${VERSION}.tgz`);
}
