/**
 * Each way to install baton, from local files into a fresh folder, and a handoff with what was installed. What the
 * packages carry is this source in place of an executable, which takes a second to make and half a minute to pack.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../lib/version.ts";
import { makeExecutable } from "../../tools/release/executables.ts";
import { gzipFile } from "../../tools/release/gzip_file.ts";
import { packMain, packTarget } from "../../tools/release/npm.ts";
import { smoke } from "../../tools/release/smoke.ts";
import { writeSums } from "../../tools/release/sums.ts";
import { targetHere, TARGETS } from "../../tools/release/targets.ts";
import { wheel } from "../../tools/release/wheel.ts";
import { findOnPath } from "../../tools/find_on_path.ts";
import { serveJsr } from "../../tools/jsr.ts";
import { toolFromNpm } from "../../tools/tool_from_npm.ts";
import { BATON } from "../e2e/baton.ts";
import { PYTHON } from "../support/running.ts";

const here = targetHere();
if (here === null) console.warn("SKIPPED: a release has no executable for this machine");
const npm = findOnPath("npm");
if (npm === null) console.warn("SKIPPED: there is no npm to install with");
const node = npm && await toolFromNpm("node", "node@24");
if (node === null) console.warn("SKIPPED: baton on Node, which npm cannot install");
const bun = Deno.env.get("BUN");
if (!bun) console.warn("SKIPPED: there is no Bun to compile with");

/** Runs what must succeed; with what it said. */
async function run(command: string, args: string[], env: Record<string, string> = {}) {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env }).output();
  const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`"${command} ${args.join(" ")}" failed:\n${said}${complaint}`);
  return `${said}${complaint}`;
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "baton-install-" }));
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What stands for the executable of this machine. */
async function stand(folder: string) {
  const path = `${folder}/baton-${here!.name}`;
  const quoted = BATON.map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(path, `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  return { target: here!, path, runtime: "bun", isTried: true } as const;
}

/** The file in the folder whose name fits. */
function find(folder: string, fits: RegExp): string {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const found = names.filter((name) => fits.test(name));
  assertEquals(found.length, 1, `${fits} among ${names.join(", ")}`);
  return `${folder}/${found[0]}`;
}

Deno.test({
  name: "from npm: the command becomes the executable of this machine",
  ignore: here === null || npm === null,
  fn: () =>
    inFolder(async (folder) => {
      await packTarget(await stand(folder), folder);
      await packMain(folder);
      const packages = [/^baton-cli-[\d.]+tgz$/, /^baton-cli-\w+-.*tgz$/];
      const files = packages.map((fits) => find(folder, fits));
      await run(npm!, ["install", "--global", "--offline", "--prefix", `${folder}/own`, ...files]);
      await smoke([`${folder}/own/bin/baton`]);
    }),
});

Deno.test("the command's package for npm names the executables that were made", () =>
  inFolder(async (folder) => {
    const named = async (...made: Parameters<typeof packMain>) => {
      await packMain(...made);
      await run("tar", ["-xzf", find(folder, /\.tgz$/), "-C", folder]);
      const manifest = JSON.parse(Deno.readTextFileSync(`${folder}/package/package.json`));
      return Object.keys(manifest.optionalDependencies);
    };
    assertEquals((await named(folder)).length, TARGETS.length);
    const made = TARGETS.filter(({ name }) => name === "linux-x64");
    assertEquals(await named(folder, made), ["@baton-cli/linux-x64"]);
  }));

Deno.test({
  name: "from npm without optional dependencies: baton runs on Node 22 and later",
  ignore: node === null,
  fn: () =>
    inFolder(async (folder) => {
      await packMain(folder);
      const install = ["install", "--omit=optional", "--offline", "--prefix", folder];
      await run(npm!, [...install, find(folder, /\.tgz$/)]);
      const baton = `${folder}/node_modules/baton-cli/baton.mjs`;
      await smoke([node!, baton]);
      const args = [baton, "--proxy", "0", "--", "true"];
      const { code, stderr } = await new Deno.Command(node!, { args, cwd: folder }).output();
      assertEquals(code, 2);
      assertStringIncludes(new TextDecoder().decode(stderr), "baton holds no port on Node");
    }),
});

Deno.test({
  name: "from PyPI: the wheel carries the executable of this machine",
  ignore: here === null,
  fn: () =>
    inFolder(async (folder) => {
      await wheel(await stand(folder), folder);
      const args = ["-m", "pip", "install", "--quiet", "--no-index", "--prefix", `${folder}/own`];
      await run(PYTHON, [...args, find(folder, /\.whl$/)]);
      await smoke([`${folder}/own/bin/baton`]);
    }),
});

Deno.test({
  name: "by the script: the download is compared with its sum, and put into the folder",
  ignore: here === null,
  fn: () =>
    inFolder(async (folder) => {
      const { path } = await stand(folder);
      const file = `${folder}/baton-${here!.name}.gz`;
      await gzipFile(path, file);
      await writeSums(folder);
      const script = new URL("../../tools/release/install.sh", import.meta.url).pathname;
      const env = { BATON_DOWNLOAD: `file://${folder}`, BATON_INSTALL: `${folder}/own bin` };
      const said = await run("sh", [script], env);
      assertStringIncludes(
        said,
        `Installed baton ${VERSION} as ${folder}/own bin/baton\nNext: Put `,
      );
      await smoke([`${folder}/own bin/baton`]);
      await Deno.writeFile(file, new Uint8Array([0]), { append: true });
      const { code, stderr } = await new Deno.Command("sh", { args: [script], env }).output();
      assertEquals(code, 1);
      assertMatch(new TextDecoder().decode(stderr), /has another sum than SHA256SUMS says/);
      await Deno.writeTextFile(path, "#!/bin/sh\necho lacks a library >&2\nexit 127\n");
      await gzipFile(path, file);
      await writeSums(folder);
      const lacks = await new Deno.Command("sh", { args: [script], env }).output();
      assertEquals(lacks.code, 1);
      assertMatch(
        new TextDecoder().decode(lacks.stderr),
        /^lacks a library\ninstall: baton-.* does not run here\n +Next: /,
      );
      assertEquals([...Deno.readDirSync(`${folder}/own bin`)].length, 1);
      await smoke([`${folder}/own bin/baton`]);
    }),
});

Deno.test("the script of no release loads from nowhere", async () => {
  const script = new URL("../../tools/release/install.sh", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command("sh", { args: [script] }).output();
  assertEquals(code, 1);
  assertMatch(new TextDecoder().decode(stderr), /names no place to load from\n +Next: /);
});

Deno.test("from JSR: deno install makes the command", () =>
  inFolder(async (folder) => {
    await using jsr = await serveJsr();
    const env = { JSR_URL: jsr.url };
    const args = ["install", "--quiet", "-gA", "--root", folder, "-n", "baton"];
    await run(Deno.execPath(), [...args, "jsr:@baton/baton/cli"], env);
    await smoke(["env", `JSR_URL=${jsr.url}`, `${folder}/bin/baton`]);
  }));

Deno.test("deno publish sends the library and the command, and no tests", async () => {
  await using jsr = await serveJsr();
  const env = { JSR_URL: jsr.url, NO_COLOR: "1" };
  const args = ["publish", "--dry-run", "--allow-dirty", "--no-check"];
  const said = await run(Deno.execPath(), args, env);
  const root = new URL("../../", import.meta.url).href;
  const sent = [...said.matchAll(/^ +(file:\S+) \(/gm)].map(([, url]) => url!.slice(root.length));
  const others = sent.filter((path) => !path.startsWith("lib/"));
  assertEquals(others.sort(), ["LICENSE", "README.md", "cli.ts", "deno.json", "mod.ts"]);
});

Deno.test({
  name: "the executable that Bun makes for this machine hands over",
  ignore: here === null || !bun,
  fn: () =>
    inFolder(async (folder) => {
      const { path } = await makeExecutable(here!, folder, "bun");
      await smoke([path]);
    }),
});

Deno.test({
  name: "an executable for another machine is one for that",
  ignore: here === null || !bun,
  fn: () =>
    inFolder(async (folder) => {
      const other = { ...here!, triple: "riscv64-unknown-linux-gnu" };
      const error = await makeExecutable(other, folder, "bun").catch(String);
      assertMatch(String(error), /The executable for .* is not sound: it is for /);
    }),
});
