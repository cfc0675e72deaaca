import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import GLOBS from "../support/globs.json" with { type: "json" };

const SCRIPT = `import json, sys
from baton import _globs
for each in json.load(sys.stdin):
    pattern = _globs.pattern(each["glob"])
    wrong = [path for path in each["names"] if not pattern.match(path)] + [path for path in each["other"] if pattern.match(path)]
    if wrong:
        print(each["glob"], wrong)
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
