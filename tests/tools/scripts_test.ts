import { assertEquals, assertRejects } from "@std/assert";
import * as path from "node:path";
import { Script } from "node:vm";
import { bundleScripts } from "../../tools/scripts/bundle_scripts.ts";
import { CODE, Scripts } from "../../tools/scripts/load.ts";

/** As baton is divided: what any command loads, what each start loads, and what is loaded where it is needed. */
const MODULES = {
  "cli.js": `
    import { name } from "./shared.js";
    export async function run(args) {
      if (args[0] === "--version") return name;
      if (args[0] === "status") {
        const [{ control }, { caller }] = await Promise.all([import("./command.js"), import("./caller.js")]);
        return control(caller());
      }
      const [{ main }, { selectPlatform }] = await Promise.all([import("./main.js"), import("./select.js")]);
      return main(await selectPlatform(), args);
    }`,
  "shared.js":
    `export const name = "a name"; export let count = 0; export function add() { count += 1; }`,
  "command.js":
    `import { add, count } from "./shared.js"; export function control(who) { add(); return who + count; }`,
  "caller.js": `export const caller = () => "asked ";`,
  "main.js": `
    import { add, count, name } from "./shared.js";
    import { twice } from "./more.js";
    export async function main(platform, args) {
      add();
      const { later } = args[0] === "later" ? await import("./later.js") : { later: () => "" };
      return [name, count, platform.sep, twice(args[0]), later()].join(" ");
    }`,
  "more.js": `export const twice = (text) => text + text;`,
  "later.js":
    `import { add, count } from "./shared.js"; export function later() { add(); return count; }`,
  "select.js":
    `export const selectPlatform = async () => (await import("./platform.js")).denoPlatform();`,
  "platform.js": `import { sep } from "node:path"; export const denoPlatform = () => ({ sep });`,
};

interface Cli {
  run(args: readonly string[]): Promise<string>;
}

class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "baton-test-" });
  readonly scripts = `${this.path}/scripts`;

  async bundle(modules: Readonly<Record<string, string>>): Promise<void> {
    Deno.mkdirSync(`${this.path}/modules`);
    for (const [name, text] of Object.entries(modules)) {
      Deno.writeTextFileSync(`${this.path}/modules/${name}`, text);
    }
    await bundleScripts(`${this.path}/modules`, this.path);
  }

  open(): { cli: Cli; scripts: Scripts } {
    const scripts = new Scripts(this.scripts, { "node:path": path });
    return { cli: scripts.load("./cli.script") as Cli, scripts };
  }

  names(): string[] {
    return Array.from(Deno.readDirSync(this.scripts), ({ name }) => name)
      .filter((name) => !name.endsWith(CODE)).sort();
  }

  code(name: string): Uint8Array {
    return Deno.readFileSync(`${this.scripts}/${name}${CODE}`);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("scripts do what their modules do, and share what is shared", async () => {
  using folder = new Folder();
  await folder.bundle(MODULES);
  assertEquals(folder.names(), ["ask.script", "cli.script", "later.script", "start.script"]);
  const { cli } = folder.open();
  assertEquals(await cli.run(["--version"]), "a name");
  assertEquals(await cli.run(["x"]), "a name 1 / xx ");
  assertEquals(await cli.run(["status"]), "asked 2");
  assertEquals(await cli.run(["later"]), "a name 3 / laterlater 4");
});

Deno.test("V8 takes what it made of a script before, and what was never loaded has none", async () => {
  using folder = new Folder();
  await folder.bundle(MODULES);
  const { cli, scripts } = folder.open();
  await cli.run(["x"]);
  scripts.writeCode(folder.scripts);
  const taken = folder.names().map((name) => {
    const cachedData = folder.code(name);
    if (cachedData.length === 0) return [name, null];
    const text = Deno.readTextFileSync(`${folder.scripts}/${name}`);
    return [name, new Script(text, { cachedData }).cachedDataRejected];
  });
  assertEquals(taken, [
    ["ask.script", null],
    ["cli.script", false],
    ["later.script", null],
    ["start.script", false],
  ]);
  assertEquals(await folder.open().cli.run(["later"]), "a name 1 / laterlater 2");
});

Deno.test("a script whose code is not V8's runs all the same", async () => {
  using folder = new Folder();
  await folder.bundle(MODULES);
  for (const name of folder.names()) {
    Deno.writeTextFileSync(`${folder.scripts}/${name}${CODE}`, "x");
  }
  assertEquals(await folder.open().cli.run(["x"]), "a name 1 / xx ");
});

Deno.test("what cannot be a script is refused when it is made", async () => {
  using folder = new Folder();
  const { "platform.js": _, ...others } = MODULES;
  await assertRejects(() => folder.bundle(others), Error, "platform.js");
  using renamed = new Folder();
  const platform = MODULES["platform.js"].replace("denoPlatform", "ofDeno");
  await assertRejects(
    () => renamed.bundle({ ...MODULES, "platform.js": platform }),
    Error,
    `No module of baton exports "denoPlatform"`,
  );
});
