import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, resolve } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** What is loaded along with a module: all that it imports for more than types, and what that imports. */
function loadedWith(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  const source = Deno.readTextFileSync(path);
  for (
    const [, name] of source.matchAll(/^(?:import|export) (?!type )(?:[^;]*? from )?"(.+)";$/gm)
  ) {
    if (name!.startsWith(".")) loadedWith(resolve(dirname(path), name!), found);
    else found.add(name!);
  }
  return found;
}

Deno.test("a command loads nothing that takes longer to load than to ask", () => {
  const loaded = ["cli.ts", "lib/control/command.ts", "lib/platform/caller.ts"]
    .flatMap((path) => [...loadedWith(resolve(ROOT, path))]);
  const packages = [...new Set(loaded)].filter((name) => !name.startsWith("/"));
  assertEquals(packages, ["node:process"]);
});
