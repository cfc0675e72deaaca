import { assertEquals } from "@std/assert";
import { waitUntil } from "../support/wait_until.ts";
import { Project } from "./support/project.ts";

for (
  const [what, prepare, act, changed] of [
    ["made", "true", "ln -s ../outside/one work/link", ["work/link"]],
    [
      "made anew for another target",
      "ln -s ../outside/one work/link",
      "rm work/link; ln -s ../outside/other work/link",
      ["work/link"],
    ],
    [
      "switched by a rename",
      "ln -s ../outside/one work/link",
      "ln -s ../outside/other work/.new; mv -T work/.new work/link",
      ["work/link"],
    ],
    [
      "left alone while its target is written",
      "ln -s ../outside/one work/link",
      "echo changed > outside/one",
      ["work/link"],
    ],
    [
      "one of a circle that is broken",
      "ln -s b work/a",
      "ln -s a work/b; sleep 0.1; echo file > work/new; mv work/new work/b",
      ["work/a", "work/b"],
    ],
  ] as const
) {
  Deno.test(`a link that leads out of what is watched, or nowhere: ${what}`, async () => {
    const project = new Project();
    try {
      project.write("outside/one", "1");
      project.write("outside/other", "2");
      project.write("work/file", "0");
      project.run(prepare);
      await project.start({ watch: ["work"] });
      project.run(act);
      await waitUntil("it is said", (saw) => saw(project.rounds).length > 0);
      assertEquals(project.watch.differences(1), changed);
    } finally {
      await project.stop();
    }
  });
}
