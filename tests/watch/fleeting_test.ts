import { assertEquals } from "@std/assert";
import type { Files, Stat } from "../../lib/platform/platform.ts";
import { platform } from "../support/platform.ts";
import { Project } from "./support/project.ts";
import { withFiles } from "./support/with_files.ts";

const real = platform();

for (
  const [what, seen] of [
    ["is not there", () => null],
    ["is another one", (stat: Stat) => ({ ...stat, inode: stat.inode + 1 })],
  ] as const
) {
  for (const looks of [[1, 2], [2]]) {
    Deno.test(`a folder that ${what} for a moment, at look ${looks}, is watched all the same`, async () => {
      const project = new Project();
      const outside = Deno.makeTempDirSync();
      let count = 0;
      const stat: Files["stat"] = (path) => {
        const found = real.files.stat(path);
        if (found === null || path !== project.path("in/inner")) return found;
        return looks.includes(++count) ? seen(found) : found;
      };
      try {
        Deno.mkdirSync(`${outside}/inner`);
        Deno.writeTextFileSync(`${outside}/inner/a.ts`, "1");
        Deno.utimeSync(outside, 1e9, 1e9); // or it would be listed again for being new
        await project.start({}, withFiles(real, { stat }));
        Deno.renameSync(outside, project.path("in"));
        await project.cookie();
        assertEquals(project.rounds, [["in/inner/a.ts"]]);
        project.write("in/inner/a.ts", "2");
        await project.cookie();
        assertEquals(project.rounds.length, 2);
      } finally {
        await project.stop();
      }
    });
  }
}
