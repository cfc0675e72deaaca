import { assertEquals } from "@std/assert";
import { waitUntil } from "../../support/wait_until.ts";
import { inProject, Project } from "../support/project.ts";

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
      assertEquals(project.watch.differences(1), [...changed]);
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

for (
  const [what, watch, links, said] of [
    ["a file", ".", "ln -s ../out/current/a.ts work/link", "link"],
    ["a folder", ".", "ln -s ../out/current work/link", "link/a.ts"],
    ["a folder below", ".", "ln -s ../out/current/in work/link", "link/b.ts"],
    ["a root", "../out/current", "true", "../out/current/a.ts"],
    ["a root below", "../out/current/in", "true", "../out/current/in/b.ts"],
    ["a root that is a file", "../out/current/a.ts", "true", "../out/current/a.ts"],
    ["another link", ".", "ln -s current out/other; ln -s ../out/other work/link", "link/a.ts"],
  ] as const
) {
  Deno.test(`a link is switched that is on the way to ${what}`, async () => {
    const project = new Project();
    try {
      project.run("mkdir -p work out/v1/in out/v2/in; ln -s v1 out/current");
      for (const version of ["v1", "v2"]) {
        for (const name of ["a.ts", "in/b.ts"]) project.write(`out/${version}/${name}`, version);
      }
      project.run(links);
      await project.start({ cwd: project.path("work"), watch: [watch] });
      for (
        const switched of [
          "ln -sfn v2 out/current",
          "rm out/current; sleep 0.2; ln -s v1 out/current",
        ]
      ) {
        const [from, path] = [project.rounds.length, said];
        await Promise.all([project.said(path), project.runWatched(switched)]);
        assertEquals(new Set(project.rounds.slice(from).flat()).has(path), true);
      }
      assertEquals(project.notices, []);
    } finally {
      await project.stop();
    }
  });
}

for (const gitignore of [true, false]) {
  const how = gitignore ? "with" : "without";
  Deno.test(`a folder above a root is put in the place of another: ${how} ignore files`, () =>
    inProject(async (project) => {
      for (const name of ["work/in/src/a.ts", "lib/src/a.ts"]) project.write(name, "1");
      const cwd = project.path("work");
      await project.start({ cwd, gitignore, watch: ["../lib/src", "in/src", "../lib/src/a.ts"] });
      for (const [folder, said] of [["lib", "../lib/src/a.ts"], ["work/in", "in/src/a.ts"]]) {
        const [from, path] = [project.rounds.length, project.path(folder!)];
        project.run(`cp -r ${path} ${path}.new; echo 2 > ${path}.new/src/a.ts`);
        await Promise.all([
          project.said(said!),
          project.runWatched(`mv ${path} gone; mv ${path}.new ${path}`),
        ]);
        assertEquals(new Set(project.rounds.slice(from).flat()), new Set([said]));
        project.run("rm -r gone");
        project.write(`${folder}/src/a.ts`, "3");
        await project.said(said!);
      }
    }));
}

Deno.test("a link to a folder above another root is followed", () =>
  inProject(async (project) => {
    project.run("mkdir -p work out/in; ln -s ../out work/link");
    for (const name of ["out/a.ts", "out/in/b.ts"]) project.write(name, "1");
    await project.start({ watch: ["work", "out/in"] });
    project.write("out/a.ts", "2");
    await project.said("work/link/a.ts");
    project.write("out/in/b.ts", "2");
    await project.said("out/in/b.ts");
  }));

Deno.test("with chosen extensions a link to a folder is followed, and one to a file needs one", () =>
  inProject(async (project) => {
    project.run(
      "mkdir -p work out; ln -s ../out work/a; ln -s ../out/a.py work/b; echo a/c > work/.gitignore",
    );
    for (const name of ["out/a.py", "out/c/d.py", "work/e.py"]) project.write(name, "1");
    await project.start({ watch: ["work"], ext: ["py", "txt"] });
    assertEquals(project.armed?.files, 2);
    project.write("out/a.py", "2");
    await project.said("work/a/a.py");
    project.run("rm -r out");
    await project.said("work/a/a.py");
    project.run("mkdir -p out/c; echo 3 > out/a.py");
    await project.said("work/a/a.py");
    project.run("rm work/a; mkdir -p other; echo 1 > other/f.py; ln -s ../other work/new");
    await project.said("work/new/f.py");
    project.write("work/.gitignore", "new\n");
    project.write("work/e.py", "2");
    await project.said("work/e.py");
    const before = project.rounds.length;
    for (const name of ["other/f.py", "out/a.py", "work/e.py"]) project.write(name, "3");
    await project.said("work/e.py");
    assertEquals(project.rounds.slice(before), [["work/e.py"]]);
  }));

Deno.test("a link that leads above itself is not followed", () =>
  inProject(async (project) => {
    project.run("mkdir -p work/in${at}; ln -s ../.. work/in/up; ln -s / work/in/top");
    project.write("work/a.ts", "1");
    await project.start({ watch: ["work"] });
    assertEquals(project.armed?.folders, 2);
  }));

Deno.test("a link that is switched from a file to what is none is a change", () =>
  inProject(async (project) => {
    project.run("ln -s a.ts link");
    project.write("a.ts", "1");
    await project.start();
    project.run("ln -sfn /dev/null link");
    await project.said("link");
    project.run("ln -sfn a.ts link");
    await project.said("link");
  }));

Deno.test("a link to a folder that is made anew for the same one is no change", () =>
  inProject(async (project) => {
    project.write("in/a.ts", "1");
    project.run("ln -s in link");
    await project.start();
    project.run("ln -sfn in link");
    await project.cookie();
    assertEquals(project.rounds, []);
    project.run("mkdir other; ln -sfn other link");
    await project.said("link");
  }));

Deno.test({
  name: "links that are gone with the folder they were in keep no watch",
  ignore: Deno.build.os !== "linux", // watches are counted in /proc
  fn: () =>
    inProject(async (project) => {
      project.run("mkdir work out");
      for (let at = 0; at < 10; at++) project.write(`out/${at}/a.ts`, "1");
      await project.start({ watch: ["work"] });
      const before = watchesOfThisProcess();
      for (let at = 0; at < 10; at++) {
        project.run(`mkdir work/in${at}; ln -s ../../out/${at}/a.ts work/in${at}/link`);
        await project.said(`work/in${at}/link`);
        project.run(`rm -r work/in${at}`);
        await project.said(`work/in${at}/link`);
      }
      await waitUntil("the watches are gone", (saw) => saw(watchesOfThisProcess()) <= before + 1);
    }),
});

function watchesOfThisProcess(): number {
  const texts = [...Deno.readDirSync("/proc/self/fdinfo")].map(({ name }) => {
    try {
      return Deno.readTextFileSync(`/proc/self/fdinfo/${name}`);
    } catch {
      return ""; // The descriptor of the listing itself.
    }
  });
  return texts.join("").match(/^inotify /gm)?.length ?? 0;
}
