import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../lib/configure/command_line.ts";
import { printConfig } from "../../lib/configure/print_config.ts";
import { resolveSettings } from "../../lib/configure/resolve.ts";
import { memoryHost } from "../support/memory_host.ts";

async function resolved(files: Readonly<Record<string, string>>, ...args: string[]) {
  const line = await parseCommandLine(args);
  if (!("given" in line)) throw new Error(`${line.kind} resolves nothing`);
  return await resolveSettings(memoryHost(files), line);
}

Deno.test("what is printed is a file that says the same", async () => {
  const first = await resolved(
    {},
    ...[
      "-d",
      "1500ms",
      "--poll=2s",
      "-e",
      "py",
      "--ready",
      "tcp:[::1]:80",
      "-v",
      "python",
      "a b.py",
    ],
  );
  const text = printConfig(first);
  assertEquals((await resolved({ "baton.jsonc": text })).settings, first.settings);
});

Deno.test("each line names its origin", async () => {
  const text = printConfig(await resolved({ "baton.json": '{"keep": 5}' }, "-q", "make"));
  const line = (key: string) => text.split("\n").find((each) => each.includes(`"${key}"`)) ?? "";
  assertStringIncludes(line("command"), '"command": ["make"],');
  assertStringIncludes(line("command"), "// command line");
  assertStringIncludes(line("keep"), "// baton.json:1:2");
  assertStringIncludes(line("settle"), '"settle": "50ms",');
  assertStringIncludes(line("settle"), "// default");
});
