import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../lib/configure/command_line.ts";
import { printConfig } from "../../lib/configure/print_config.ts";
import { resolveSettings } from "../../lib/configure/resolve.ts";
import { memoryHost } from "../support/memory_host.ts";

function resolved(files: Readonly<Record<string, string>>, ...args: string[]) {
  const line = parseCommandLine(args);
  if (!("given" in line)) throw new Error(`${line.kind} resolves nothing`);
  return resolveSettings(memoryHost(files), line);
}

Deno.test("what is printed is a file that says the same", () => {
  const first = resolved(
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
  assertEquals(resolved({ "baton.jsonc": text }).settings, first.settings);
});

Deno.test("each line names its origin", () => {
  const text = printConfig(resolved({ "baton.json": '{"keep": 5}' }, "-q", "make"));
  const line = (key: string) => text.split("\n").find((each) => each.includes(`"${key}"`)) ?? "";
  assertStringIncludes(line("command"), '"command": ["make"],');
  assertStringIncludes(line("command"), "// command line");
  assertStringIncludes(line("keep"), "// baton.json:1:2");
  assertStringIncludes(line("settle"), '"settle": "50ms",');
  assertStringIncludes(line("settle"), "// default");
});
