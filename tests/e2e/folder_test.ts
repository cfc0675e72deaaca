/** Who may run in a folder, and which state a new baton resumes from. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { BATON, Baton, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";

const app = [PYTHON, "app.py"];

/** Runs a baton until its program counts, and stops it. */
async function countsFrom(project: Project, count: number, args: string[] = []): Promise<void> {
  await using baton = new Baton(project, app, { args });
  await baton.event("ready", ({ announced }) => announced);
  await waitUntil("it counts on", (saw) => saw(baton.stdout).includes(`version 1 count ${count}`));
  assertEquals(await baton.stop("SIGTERM"), 0);
}

Deno.test("a second baton in the folder names the first and exits 2; with a state folder of its own it runs", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using first = new Baton(project, app);
  await first.up();
  await using second = new Baton(project, app);
  assertEquals(await second.end(), 2);
  assertStringIncludes(second.transcript(), `process ${first.pid}`);
  await using third = new Baton(project, app, { args: ["--state-dir", ".other"] });
  await third.up();
});

Deno.test("a new baton resumes a state that is young enough, and none with --fresh", async () => {
  using project = new Project({ "app.py": COUNTING });
  await countsFrom(project, 0);
  await countsFrom(project, 1);
  await countsFrom(project, 0, ["--max-age", "1ms"]);
  await countsFrom(project, 1);
  await countsFrom(project, 0, ["--fresh"]);
});

Deno.test("baton state tells what is kept, and makes no folder to look into", async () => {
  using project = new Project({ "app.py": COUNTING });
  const states = async () => {
    const [program, ...args] = BATON;
    const { stdout, code } = await new Deno.Command(program!, {
      args: [...args, "state"],
      cwd: project.dir,
      stderr: "inherit",
    }).output();
    return [code, new TextDecoder().decode(stdout)] as const;
  };
  assertStringIncludes((await states())[1], "No state is kept");
  assertEquals([...Deno.readDirSync(project.dir)].map(({ name }) => name), ["app.py"]);
  await countsFrom(project, 0);
  const [code, text] = await states();
  assertEquals(code, 0);
  assertStringIncludes(text, "final  generation 1");
});

Deno.test("a state folder that is removed meanwhile, as by git clean, is made again for the next generation", async () => {
  using project = new Project({ "app.py": COUNTING });
  await using baton = new Baton(project, app);
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  using elsewhere = new Project();
  Deno.renameSync(project.path(".baton"), elsewhere.path("gone")); // at once, whatever is written there
  project.write("app.py", edit("VERSION = 2"));
  await baton.prints("version 2 count 1");
});
