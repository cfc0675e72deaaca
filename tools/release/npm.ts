/**
 * The packages for npm: one an executable, which npm installs on its own machine alone, and `baton-cli`, whose
 * command becomes the one that was installed, or runs the bundle on Node where none was.
 */
import { ensureDir } from "@std/fs/ensure-dir";
import { bundleParts } from "../bundle_parts.ts";
import { VERSION } from "../../lib/version.ts";
import type { Made } from "./executables.ts";
import { repository } from "./repository.ts";
import { type Target, TARGETS } from "./targets.ts";

const SOURCE = new URL("npm/", import.meta.url);
const ROOT = new URL("../../", import.meta.url);

/** What all packages say; npm accepts the provenance of one only with its repository. */
export function common(): object {
  const url = repository();
  const place = url === null
    ? {}
    : { repository: { type: "git", url: `git+${url}.git` }, homepage: `${url}#readme` };
  return { version: VERSION, license: "MIT", ...place };
}

function nameOf({ name }: Target): string {
  return `@baton-cli/${name}`;
}

/** Writes a package into a folder of its own and lets npm pack it into `into`. */
export async function pack(
  into: string,
  manifest: object,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "baton-npm-" });
  try {
    await Deno.writeTextFile(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
    await Deno.copyFile(new URL("LICENSE", ROOT), `${folder}/LICENSE`);
    await fill(folder);
    const destination = await Deno.realPath(into);
    const { success } = await new Deno.Command("npm", {
      args: ["pack", "--silent", "--pack-destination", destination],
      cwd: folder,
      stdout: "null",
    }).spawn().status;
    if (!success) throw new Error("npm could not pack");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Packs the executable for one machine. */
export async function packTarget({ target, path }: Made, into: string): Promise<void> {
  const { os, cpu, libc } = target.npm;
  const manifest = {
    name: nameOf(target),
    ...common(),
    description: `The executable of baton-cli for ${target.name}`,
    ...{ os: [os], cpu: [cpu], ...libc === undefined ? {} : { libc: [libc] } },
    files: ["baton"],
    preferUnplugged: true,
  };
  await pack(into, manifest, async (folder) => {
    await Deno.copyFile(path, `${folder}/baton`);
    await Deno.chmod(`${folder}/baton`, 0o755);
  });
}

/**
 * Packs what the user installs. It names the executables that were made, and no others: npm would ask a registry for
 * these, where they are not yet, or somebody else's.
 */
export async function packMain(into: string, made: readonly Target[] = TARGETS): Promise<void> {
  const manifest = {
    name: "baton-cli",
    ...common(),
    description: "Hand a running program over to its next version without losing what it knows",
    keywords: ["watch", "restart", "reload", "nodemon", "state", "handoff", "dev-server"],
    type: "module",
    bin: { baton: "baton.mjs" },
    files: ["baton.mjs", "lib"],
    os: ["linux", "darwin"],
    engines: { node: ">=20" },
    optionalDependencies: Object.fromEntries(made.map((one) => [nameOf(one), VERSION])),
  };
  await pack(into, manifest, async (folder) => {
    await Deno.copyFile(new URL("baton.mjs", SOURCE), `${folder}/baton.mjs`);
    await Deno.copyFile(new URL("README.md", ROOT), `${folder}/README.md`);
    await ensureDir(`${folder}/lib`);
    if (await bundleParts(`${folder}/lib`) === null) throw new Error("Deno could not bundle baton");
  });
}
