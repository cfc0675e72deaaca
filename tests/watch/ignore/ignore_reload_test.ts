import { assertEquals } from "@std/assert";
import { platform } from "../../support/platform.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { inProject, type Project } from "../support/project.ts";

/** Writes to these files at once; returns those of them that counted. */
async function counting(project: Project, ...names: string[]): Promise<string[]> {
  project.watch.mark(2);
  for (const name of names) project.write(name, String(Math.random()));
  await project.cookie();
  return project.watch.differences(2).filter((name) => names.includes(name));
}

Deno.test("an ignore file that comes is obeyed where folders are polled", () =>
  inProject(async (project) => {
    for (const name of ["a.ts", "b.ts"]) project.write(name, "1");
    await project.start({ pollMs: 20 });
    project.write(".gitignore", "a.ts\n");
    await project.said(".gitignore");
    await project.cookie();
    assertEquals(await counting(project, "a.ts", "b.ts"), ["b.ts"]);
    Deno.removeSync(project.path(".gitignore"));
    await project.said(".gitignore");
    await project.cookie();
    assertEquals(await counting(project, "a.ts", "b.ts"), ["a.ts", "b.ts"]);
  }));

Deno.test("an ignore file that changed while events were lost is obeyed", () =>
  inProject(async (project) => {
    const real = platform();
    let isDeaf = false;
    let lost: (() => void) | null = null;
    const events: typeof real.events = {
      ...real.events,
      watch(observer) {
        lost ??= () => observer.event({ kind: "rescan", path: "" });
        const event: typeof observer.event = (each) => isDeaf || observer.event(each);
        return real.events.watch({ ...observer, event, unwatched: observer.unwatched });
      },
    };
    project.write(".gitignore", "a.ts\n");
    for (const name of ["a.ts", "b.ts"]) project.write(name, "1");
    await project.start({}, { ...real, events });
    isDeaf = true;
    project.write(".gitignore", "b.ts\n");
    lost!();
    await project.said(".gitignore");
    isDeaf = false;
    await project.cookie();
    assertEquals(await counting(project, "a.ts", "b.ts"), ["a.ts"]);
  }));

Deno.test("what is asked for counts in a folder that comes to be ignored, and is no news then", () =>
  inProject(async (project) => {
    for (const name of ["made/deep/a.ts", "made/b.ts"]) project.write(name, "1");
    await project.start({ watch: [".", "made/deep"] });
    project.write(".gitignore", "made/\n");
    await project.cookie();
    assertEquals(await counting(project, "made/deep/a.ts", "made/b.ts"), ["made/deep/a.ts"]);
    assertEquals(project.rounds[0], [".gitignore"]);
    assertEquals(project.restarts, [[".gitignore"], ["made/deep/a.ts"]]);
  }));

Deno.test("an ignore file is obeyed where folders are polled, whatever extensions count", () =>
  inProject(async (project) => {
    for (const name of ["a.ts", "b.ts"]) project.write(name, "1");
    await project.start({ pollMs: 20, ext: ["ts", "txt"] });
    const obeys = (...names: string[]) =>
      waitUntil(`${names} count`, async (saw) => {
        const found = await counting(project, "a.ts", "b.ts");
        return saw(found.join()) === names.join();
      });
    project.write(".gitignore", "a.ts\n");
    await obeys("b.ts");
    project.write(".gitignore", "b.ts\n");
    await obeys("a.ts");
    Deno.removeSync(project.path(".gitignore"));
    await obeys("a.ts", "b.ts");
    assertEquals(project.rounds.flat().includes(".gitignore"), false);
  }));

for (const pollMs of [null, 20]) {
  const how = pollMs === null ? "by events" : "by polling";
  Deno.test(`a folder that turns into a virtual environment counts no longer: ${how}`, () =>
    inProject(async (project) => {
      project.write("a.ts", "1");
      await project.start({ pollMs, ext: ["ts", "txt"] });
      project.write("env/lib/b.ts", "1");
      await project.said("env/lib/b.ts");
      project.write("env/pyvenv.cfg", "home = /usr/bin");
      await project.cookie();
      const before = project.rounds.length;
      for (const name of ["env/lib/b.ts", "env/c.ts"]) project.write(name, "2");
      await project.cookie();
      assertEquals(project.rounds.slice(before), []);
    }));
}

Deno.test("a folder that is marked as a cache does not count", () =>
  inProject(async (project) => {
    project.write("a.ts", "1");
    project.write("made/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
    project.write("made/in/x", "1");
    await project.start();
    for (const name of ["made/in/x", "made/y", "later/CACHEDIR.TAG", "later/in/z"]) {
      project.write(name, "2");
    }
    await project.cookie();
    assertEquals(project.rounds, []);
  }));
