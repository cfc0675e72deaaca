import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { GLOBS } from "../support/globs.ts";

const SCRIPT = `import json, sys
from baton import _globs
for glob, named, others in json.load(sys.stdin):
    pattern = _globs.pattern(glob)
    wrong = [path for path in named if not pattern.match(path)] + [path for path in others if pattern.match(path)]
    if wrong:
        print(glob, wrong)
`;

Deno.test("a glob of on_change names what it does in .gitignore, as in TypeScript", async () => {
  const root = new URL("../../clients/python", import.meta.url).pathname;
  const child = new Deno.Command(PYTHON, {
    args: ["-c", SCRIPT],
    env: { PYTHONPATH: root, PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(GLOBS)));
  await writer.close();
  const { code, stdout } = await child.output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, ""]);
});
