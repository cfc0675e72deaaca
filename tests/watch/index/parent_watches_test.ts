import { assertEquals } from "@std/assert";
import type { Files, FolderWatch } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { inProject } from "../support/project.ts";
import { withFiles } from "../support/with_files.ts";

const real = platform();

/** Every folder in `above` has the same number: file systems give that of one that is gone to the next. */
function sameInodes(above: () => string): Partial<Files> {
  const stat: Files["stat"] = (path) => {
    const found = real.files.stat(path);
    const isSame = found?.kind === "directory" && path.startsWith(`${above()}/`);
    return isSame ? { ...found, inode: 1 } : found;
  };
  return { stat };
}

for (
  const [what, watch, prepare, again, write] of [
    [
      "a file that is asked for by name",
      "in/a.ts",
      "mkdir in; echo 1 > in/a.ts",
      "rm -r in; mkdir in; echo 2 > in/a.ts",
      "echo 3 > in/a.ts",
    ],
    [
      "the target of a link",
      "in",
      "mkdir in out; echo 1 > out/a.ts; ln -s ../out/a.ts in/a.ts",
      "rm -r out; mkdir out; echo 2 > out/a.ts",
      "echo 3 > out/a.ts",
    ],
    [
      "a root that is a link",
      "at/in",
      "mkdir at one two; echo 1 > one/a.ts; echo 3 > two/a.ts; ln -s ../one at/in",
      "rm -r at; mkdir at; ln -s ../one at/in; echo 2 > one/a.ts",
      "ln -sfn ../two at/in",
    ],
  ] as const
) {
  Deno.test(`${what} is watched on in a folder that was made anew`, () =>
    inProject(async (project) => {
      const name = watch.endsWith(".ts") ? watch : `${watch}/a.ts`;
      project.run(prepare);
      await project.start({ watch: [watch] }, withFiles(real, sameInodes(() => project.folder)));
      for (const script of [again, write]) {
        project.run(script);
        await project.said(name);
      }
    }));
}

Deno.test("a file that is asked for by name is gone with its folder", () =>
  inProject(async (project) => {
    project.write("in/a.ts", "1");
    await project.start({ watch: ["in/a.ts"] });
    project.run("rm -r in");
    await project.said("in/a.ts");
    project.write("in/a.ts", "2");
    await project.said("in/a.ts");
  }));

Deno.test("a folder is let go of once no link leads there any more", () =>
  inProject(async (project) => {
    const watches: FolderWatch[] = [];
    const events: typeof real.events = {
      ...real.events,
      watch(observer) {
        watches.push(real.events.watch(observer));
        return watches.at(-1)!;
      },
    };
    project.run("mkdir in out; echo 1 > out/a.ts");
    await project.start({ watch: ["in"] }, { ...real, events });
    const before = watches[0]!.watches;
    project.run("ln -s ../out/a.ts in/a.ts");
    await project.said("in/a.ts");
    await waitUntil("the target is watched", () => watches[0]!.watches > before);
    project.run("echo 2 > out/a.ts");
    await project.said("in/a.ts");
    project.run("rm in/a.ts");
    await project.said("in/a.ts");
    project.run("mkdir in/new; echo 1 > in/new/b.ts");
    await project.said("in/new/b.ts");
    assertEquals(watches[0]!.watches, before + 1);
  }));
