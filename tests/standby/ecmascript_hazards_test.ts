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

const READS = 'import { read } from "reads"; var out = read';

/** With `own`: what is left to the program, by the package's name, and what a hazard above is. */
const AHEAD: Readonly<Record<string, Hazard & { readonly left?: string }>> = {
  "what prints": {
    before:
      'import { looks } from "looks"; import { prints } from "prints"; var out = [looks, prints]',
    after:
      'import { looks } from "looks"; import { prints } from "prints"; var out = [looks, prints, 2]',
    left: "prints",
  },
  "what fails": {
    before:
      'import { looks } from "looks"; var out = [looks, await import("own-late").catch(String)]; import "fails"',
    left: "fails",
  },
  "what starts a timer": {
    before: 'import { waits } from "waits"; var out = waits',
    left: "waits",
  },
  "what leaves a file open": {
    before: 'import { opens } from "opens"; var out = opens',
    left: "opens",
  },
  "what starts a worker": {
    before: 'import { works } from "works"; var out = works',
    left: "works",
    on: "Deno", // In Bun the worker opens its descriptors while they are listed.
  },
  "what comes after a file of the project": {
    before: 'import "./own.js"; import { read } from "reads"; var out = read',
    files: { "own.js": "(globalThis.order ??= []).push('own');" },
    outside: "new",
  },
  "what may have read what was saved": {
    before: READS,
    files: { "page.html": "1" },
    saved: { "page.html": "2" },
    over: "may have read",
  },
  ...HAZARDS,
};

for (const [runtime, command] of Object.entries(RUNTIMES)) {
  for (const name of ["read", "typed"]) {
    Deno.test(`with own, what is imported first has run by then, on ${runtime}: ${name}`, async () => {
      const before = `import { ${name} as out } from "${name === "read" ? "reads" : "types"}"`;
      using program = new ParkedProgram({ before, outside: "new" }, ecmascript(command));
      const { cold, released, over } = await program.run([]);
      assertEquals([cold.out, released.out, over], ["new", "old", null]);
    });
  }

  for (const [name, hazard] of Object.entries(AHEAD)) {
    if (hazard.on !== undefined && hazard.on !== runtime) continue;
    Deno.test(`with own, as cold, on ${runtime}: ${name}`, async () => {
      using program = new ParkedProgram(hazard, ecmascript(command));
      const { cold, released, over, left } = await program.run([]);
      assertEquals(differences(cold, released), [], over ?? "it did not start over");
      if (hazard.over === undefined) assertEquals(over, null);
      else assertStringIncludes(over ?? "it did not", hazard.over);
      if (hazard.left !== undefined) {
        assertEquals(left.map((path) => /node_modules\/(\w+)\//.exec(path)?.[1]), [hazard.left]);
      }
    });
  }
}
