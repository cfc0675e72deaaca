/** The way from a save to the new process, as CONTRIBUTING.md tells it. */
import { assert, assertEquals, assertMatch } from "@std/assert";

const root = new URL("../", import.meta.url).pathname;
const text = Deno.readTextFileSync(`${root}CONTRIBUTING.md`);
const section = text.slice(text.indexOf("## From a save to the new process"));
const table = section.slice(0, section.indexOf("\n## ", 1));
const steps = [...table.matchAll(/^\| `(lib\/\S+)`\s*\| ([^|]*)\|$/gm)]
  .map(([, file, what]) => ({ file: file!, what: what! }));

Deno.test("a save goes through at most 20 files", () => {
  assert(steps.length > 10 && steps.length <= 20, `${steps.length} files`);
  assertEquals(new Set(steps.map(({ file }) => file)).size, steps.length);
});

for (const { file, what } of steps) {
  Deno.test(`a save goes through ${file}`, () => {
    const source = Deno.readTextFileSync(`${root}${file}`);
    const names = [...what.matchAll(/`([#\w]+)`/g)].map(([, name]) => name!);
    assert(names.length > 0);
    for (const name of names) assertMatch(source, new RegExp(`(^|[^\\w#])${name}\\b`));
  });
}
