/** The path of the Go client's module: set here alone, and written into its files by `deno task docs`. */
import { expandGlobSync } from "@std/fs/expand-glob";

/** Names no place, until the repository is known: a release with it is refused. */
export const GO_MODULE = "example.com/baton";

const FOLDER = new URL("../../clients/go/", import.meta.url).pathname;

/** Why `go get` would not find the module in that repository; null where it would, or where nothing is published. */
export function goModuleFault(
  repository: string | null,
  module: string = GO_MODULE,
): string | null {
  if (repository === null) return null;
  const wanted = `${repository.replace(/^https?:\/\//, "")}/clients/go`;
  if (module === wanted) return null;
  return `Cannot release the Go client as "${module}": in ${repository} it is "${wanted}"
Next: Set GO_MODULE in tools/release/go_module.ts to that, and run "deno task docs"`;
}

/** The text with the module's path in place of `from`, in imports, in commands and in the module's own file. */
export function renamed(text: string, from: string, to: string): string {
  const path = from.replaceAll(/[.+]/g, "\\$&");
  return text.replaceAll(new RegExp(`(?<=["\`= ])${path}(?=["\`=/\\s])`, "g"), to);
}

if (import.meta.main) {
  const [, from] = /^module (\S+)$/m.exec(Deno.readTextFileSync(`${FOLDER}go.mod`))!;
  const stale: string[] = [];
  for (const { path } of expandGlobSync("**/{*.go,go.mod,README.md}", { root: FOLDER })) {
    const text = Deno.readTextFileSync(path);
    const wanted = renamed(text, from!, GO_MODULE);
    if (text === wanted) continue;
    stale.push(path);
    if (!Deno.args.includes("--check")) Deno.writeTextFileSync(path, wanted);
  }
  if (Deno.args.includes("--check") && stale.length > 0) {
    console.error(`Not of module "${GO_MODULE}": ${stale.join(", ")}\nNext: Run "deno task docs"`);
    Deno.exit(1);
  }
}
