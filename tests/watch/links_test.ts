import { assertEquals } from "@std/assert";
import { waitUntil } from "../support/wait_until.ts";
import { Project } from "./support/project.ts";

for (
  const [what, prepare, act, changed] of [
    ["made", "true", "ln -s OUTSIDE/one work/link", ["work/link"]],
    [
      "made anew for another target",
      "ln -s OUTSIDE/one work/link",
      "rm work/link; ln -s OUTSIDE/other work/link",
      ["work/link"],
    ],
    [
      "switched by a rename",
      "ln -s OUTSIDE/one work/link",
      "ln -s OUTSIDE/other work/.new; mv -T work/.new work/link",
      ["work/link"],
    ],
    [
      "left alone while its target is written",
      "ln -s OUTSIDE/one work/link",
      "echo changed > OUTSIDE/one",
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
    const outside = Deno.makeTempDirSync({ prefix: "baton_outside_" });
    try {
      for (const name of ["one", "other"]) Deno.writeTextFileSync(`${outside}/${name}`, name);
      project.write("work/file", "0");
      project.run(prepare.replaceAll("OUTSIDE", outside));
      await project.start({ watch: ["work"] });
      project.run(act.replaceAll("OUTSIDE", outside));
      await waitUntil("it is said", (saw) => saw(project.rounds).length > 0);
      assertEquals(project.watch.differences(1), changed);
    } finally {
      await project.stop();
      Deno.removeSync(outside, { recursive: true });
    }
  });
}

for (
  const [what, watch, link, said] of [
    ["a file", "work", "ln -s ../out/made/a.ts work/link", "work/link"],
    ["a folder", "work", "ln -s ../out/made work/link", "work/link/a.ts"],
    ["a root", "work/link", "ln -s ../out/made work/link", "work/link/a.ts"],
  ] as const
) {
  Deno.test(`${what} that a link leads to may go, and come back step by step`, async () => {
    const project = new Project();
    try {
      project.run(`mkdir -p work out/made; echo 1 > out/made/a.ts; ${link}`);
      await project.start({ watch: [watch] });
      for (const [at, gone] of ["out/made", "out"].entries()) {
        project.run(`rm -r ${gone}`);
        await project.said(said);
        const steps = ["mkdir -p out", "mkdir out/made", `echo 2${at} > out/made/a.ts`];
        await Promise.all([project.said(said), project.runWatched(steps.join("; sleep 0.1; "))]);
        assertEquals(new Set(project.rounds.flat()), new Set([said]));
      }
    } finally {
      await project.stop();
    }
  });
}
