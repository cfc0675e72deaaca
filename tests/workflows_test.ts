/** The workflows of GitHub name tasks and files that are there. */
import { assert } from "@std/assert";

const root = new URL("../", import.meta.url);
const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));

for (const { name } of Deno.readDirSync(new URL(".github/workflows/", root))) {
  const text = Deno.readTextFileSync(new URL(`.github/workflows/${name}`, root));
  Deno.test(`${name} names tasks that are there`, () => {
    const named = [...text.matchAll(/\bdeno task ([\w:]+)/g)].map(([, task]) => task!);
    assert(named.length > 0);
    for (const task of named) assert(Object.hasOwn(tasks, task), task);
  });
  Deno.test(`${name} names files that are there`, () => {
    const named = [...text.matchAll(/(?<=\s)(?:tests|tools)(?:\/\w+)+(?:\.ts)?/g)];
    assert(named.length > 0);
    for (const [path] of named) Deno.statSync(new URL(path, root));
  });
}
