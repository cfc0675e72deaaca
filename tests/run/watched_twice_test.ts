import { assertEquals } from "@std/assert";
import { platform } from "../support/platform.ts";
import { sayWatchedTwice } from "../../lib/run/watched_twice.ts";
import { DEFAULTS } from "../../lib/settings.ts";

/** What is said of a command, in a folder with these scripts. */
function said(command: string, scripts: Record<string, string>, settings = {}): string[] {
  const cwd = Deno.makeTempDirSync({ prefix: "baton_twice_" });
  try {
    Deno.writeTextFileSync(`${cwd}/package.json`, JSON.stringify({ scripts }));
    const next: string[] = [];
    const given = { ...DEFAULTS, command: command.split(" "), cwd, ...settings };
    sayWatchedTwice(platform().files, given, (notice) => next.push(notice.next ?? ""));
    return next;
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
}

Deno.test("a server that takes edits by itself is told of, however it is called, with what to do", () => {
  const dev = { dev: "vite dev", start: "NODE_ENV=dev ng serve" };
  for (
    const command of ["npm run dev", "pnpm dev", "yarn start", "npx nuxt dev", "npm exec vite"]
      .concat("bunx astro dev", "yarn astro dev", "node_modules/.bin/next dev", "vite --port 3000")
  ) {
    const its = command === "yarn start" ? "angular.json" : "*.config.*";
    assertEquals(said(command, dev), [
      `To restart it for its configuration alone: baton -w 'package.json' -w '${its}', or once "baton init"`,
    ], command);
  }
});

Deno.test("no other program is, nor one that is not watched as a whole", () => {
  const scripts = { dev: "vite dev", build: "vite build", api: "vite-node api.ts" };
  const others = ["npm run build", "npm run api", "npm run missing", "npm", "next start"];
  for (const command of [...others, "ng test", "python3 vite.py", "npx tsx vite.ts"]) {
    assertEquals(said(command, scripts), [], command);
  }
  for (const settings of [{ watch: ["package.json"] }, { ext: ["json"] }]) {
    assertEquals(said("npm run dev", scripts, settings), []);
  }
});
