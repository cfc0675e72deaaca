/** What each runtime throws for a module that does not compile, as against what its code throws. */
import { assertEquals, assertMatch } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";

const source = new URL("../../lib/client/hot/uncompiled.ts", import.meta.url).pathname;

const MODULES = {
  "broken.mjs": "export const one = 1;\nexport function draw(:() {}\n",
  "thrown.mjs": "export const one = JSON.parse('{');\n",
  "raised.mjs": "throw new SyntaxError('SyntaxError: of its own');\n",
  "evaluated.mjs": "export const one = (0, eval)('(');\n",
  "reference.mjs": "export const one = nothing;\n",
  "missing.mjs": "import './not_there.mjs';\n",
};
const MAIN = `import { isUncompiled, whyUncompiled } from "./uncompiled.mjs";
const said = {};
for (const name of ${JSON.stringify(Object.keys(MODULES))}) {
  const url = new URL(name + "?baton=1", import.meta.url);
  await import(url.href).catch((error) => {
    const is = isUncompiled(error, decodeURIComponent(url.pathname));
    said[name] = is ? whyUncompiled(error) : false;
  });
}
console.log(JSON.stringify(said));
`;

const RUNTIMES = [
  ["deno", ["run", "-A", "--no-config"], /^, line 2: .*Unexpected token `:`/],
  ["node", [], /^: SyntaxError: Unexpected token ':'$/],
  ["bun", ["run"], /^, line 2: Expected identifier but found ":"$/],
] as const;
for (const [name, args, why] of RUNTIMES) {
  const program = name === "deno" ? Deno.execPath() : findOnPath(name);
  Deno.test({
    name: `only what does not compile is broken: ${name}`,
    ignore: program === null,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "baton-uncompiled-" });
      try {
        const made = await new Deno.Command(Deno.execPath(), {
          args: ["bundle", "--quiet", "-o", `${folder}/uncompiled.mjs`, source],
        }).output();
        assertEquals(made.success, true, new TextDecoder().decode(made.stderr));
        for (const [file, text] of Object.entries(MODULES)) {
          await Deno.writeTextFile(`${folder}/${file}`, text);
        }
        await Deno.writeTextFile(`${folder}/main.mjs`, MAIN);
        const { stdout, stderr } = await new Deno.Command(program!, {
          args: [...args, `${folder}/main.mjs`],
        }).output();
        const said = JSON.parse(new TextDecoder().decode(stdout) || "null");
        const { "broken.mjs": broken, ...others } = said ?? {};
        assertMatch(String(broken), why, new TextDecoder().decode(stderr));
        const none = Object.keys(MODULES).slice(1).map((file) => [file, false]);
        assertEquals(others, Object.fromEntries(none));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
