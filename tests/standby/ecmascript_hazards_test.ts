/** Whatever an edit does, what Deno and Bun run from standby is what a cold start would have run. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { differences } from "../../lib/standby/differences.ts";
import { ecmascript } from "./support/ecmascript.ts";
import { type Edit, ParkedProgram } from "./support/parked_program.ts";

interface Hazard extends Edit {
  /** Why it starts cold after all; absent where it must not. */
  readonly over?: string;
  /** One of the two, where the other has no such thing. */
  readonly on?: "Deno" | "Bun";
}

const IMPORTS =
  'import "./own.js"; import { looks } from "looks"; import { prints } from "prints"; import { mixed } from "mixed"; ';
const LATE =
  '(await import("looks")).looks === looks, await import("fails").catch(String), order.length';

const HAZARDS: Readonly<Record<string, Hazard>> = {
  "an own module changes all that a package looks at": {
    before: `${IMPORTS} var out = [looks, prints, mixed, ${LATE}]`,
    after: `${IMPORTS} var out = [2, looks, prints, mixed, ${LATE}]`,
    files: { "own.js": "(globalThis.order ??= []).push('own');" },
    saved: {
      "own.js":
        "(globalThis.order ??= []).push('own'); const { default: process } = await import('node:process');" +
        "process.env.COLOR = 'red'; globalThis.patched = 2; Array.prototype.last = function () { return 3; };" +
        "globalThis.fetch = undefined;",
    },
  },
  "an import is gone, and is done later": {
    before: 'import { looks } from "looks"; import "prints"; var out = looks',
    after:
      'import "prints"; globalThis.patched = 4; const { looks } = await import("looks"); var out = looks',
    over: "the imports of",
  },
  "a package has changed": {
    before: 'import { looks } from "looks"; var out = looks',
    saved: { "node_modules/looks/part.js": "export const part = 'new';" },
    over: "was changed",
  },
  "a package of that name is nearer": {
    before: 'import { found } from "./src/own.js"; var out = found',
    files: { "src/own.js": 'import { looks } from "looks"; export const found = looks;' },
    saved: {
      "src/node_modules/looks/package.json": '{ "type": "module", "main": "index.js" }',
      "src/node_modules/looks/index.js": "export const looks = 'nearer';",
    },
    over: "was changed",
  },
  "a program loads modules in its own way": {
    before: 'import { looks } from "looks"; var out = looks',
    after:
      'import { looks } from "looks"; Bun.plugin({ name: "own", setup() {} }); var out = looks',
    over: "how modules are loaded",
    on: "Bun",
  },
};

const RUNTIMES = {
  Deno: [Deno.env.get("DENO") ?? "deno", "run", "-A"],
  Bun: [Deno.env.get("BUN") ?? "bun"],
};

for (const [runtime, command] of Object.entries(RUNTIMES)) {
  for (const [name, hazard] of Object.entries(HAZARDS)) {
    if (hazard.on !== undefined && hazard.on !== runtime) continue;
    Deno.test(`from standby as cold, on ${runtime}: ${name}`, async () => {
      using program = new ParkedProgram(hazard, ecmascript(command));
      const { cold, released, over, modules } = await program.run();
      assertEquals(differences(cold, released), [], over ?? "it did not start over");
      if (hazard.over === undefined) assertEquals(over, null);
      else assertStringIncludes(over ?? "it did not", hazard.over);
      assertEquals(modules > 0 && cold.out !== undefined, true, JSON.stringify(cold));
    });
  }
}
