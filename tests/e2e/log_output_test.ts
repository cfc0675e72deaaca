import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { BATON, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";

/** Baton, whose log is for the test to read or not, over a program that prints to "out". */
function spawn({ dir }: Project): Deno.ChildProcess {
  const [program, ...args] = BATON;
  return new Deno.Command(program!, {
    args: [...args, "-e", "py", "--", "sh", "-c", `exec ${PYTHON} app.py >>out`],
    cwd: dir,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

Deno.test("baton goes on where nobody reads its log any more, as below `| head -1`", async () => {
  using project = new Project({ "app.py": COUNTING, out: "" });
  const child = spawn(project);
  let log = "";
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  while (!log.includes("Watches")) log += (await reader.read()).value;
  await reader.cancel();
  const prints = (line: string) =>
    waitUntil(`it prints ${line}`, (saw) => saw(project.read("out")).includes(line));
  await prints("version 1 count 0");
  project.replace("app.py", "VERSION = 1", "VERSION = 2");
  await prints("version 2 count 1");
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 0);
});

Deno.test("baton goes on, and ends, where its log is open and nobody reads it", async () => {
  const flood = (version: number) =>
    edit(`VERSION = ${version}\nimport sys; sys.stderr.write("x" * 300_000)`);
  using project = new Project({ "app.py": flood(1), out: "" });
  const child = spawn(project);
  const prints = (line: string) =>
    waitUntil(`it prints ${line}`, (saw) => saw(project.read("out")).includes(line), {
      withinMs: 15_000,
    });
  await prints("version 1 count 0");
  project.write("app.py", flood(2));
  await prints("version 2 count 1");
  child.kill("SIGTERM");
  const slow = setTimeout(() => child.kill("SIGKILL"), 15_000);
  assertEquals((await child.status).code, 0);
  clearTimeout(slow);
  await child.stderr.cancel();
});

for (const log of ["json", "text"] as const) {
  Deno.test(`a line that the program leaves open is not taken up by the log, ${log}`, async () => {
    using project = new Project();
    const [program, ...args] = BATON;
    const { stderr } = await new Deno.Command(program!, {
      args: [...args, "--exit", "--log", log, "--", "sh", "-c", "printf open >&2"],
      cwd: project.dir,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const lines = new TextDecoder().decode(stderr).split("\n");
    assertEquals(lines.filter((line) => line.includes("open") && !/^(\{"b|b)aton/.test(line)), [
      "open",
    ]);
    assertEquals(lines.filter((line) => /.\{"baton"|.baton: /.test(line)), []);
  });
}
