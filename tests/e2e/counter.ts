/** The counter example in a project of its own. */
const root = new URL("../../", import.meta.url).pathname;

/** Its source, with the client found from anywhere. */
export function counterSource(version: number): string {
  return Deno.readTextFileSync(`${root}examples/counter/main.ts`)
    .replace("../../mod.ts", `${root}mod.ts`)
    .replace("const VERSION = 1;", `const VERSION = ${version};`);
}

export const COUNTER_COMMAND = [Deno.execPath(), "run", "-A", "--no-config", "main.ts"];
