import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { BATON, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";

Deno.test("baton goes on where nobody reads its log any more, as below `| head -1`", async () => {
  using project = new Project({ "app.py": COUNTING, out: "" });
  const [program, ...args] = BATON;
  const child = new Deno.Command(program!, {
    args: [...args, "-e", "py", "--", "sh", "-c", `exec ${PYTHON} app.py >>out`],
    cwd: project.dir,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
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
