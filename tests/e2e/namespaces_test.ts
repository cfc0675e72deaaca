/** In a PID namespace with another's `/proc` each number there is somebody else's. */
import { assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { PYTHON } from "../support/running.ts";
import { COUNTING } from "./programs.ts";

const canTry = Deno.build.os === "linux" && Deno.uid() === 0 && findOnPath("unshare") !== null;
if (!canTry) console.warn("SKIPPED: another's /proc, for that needs root and unshare");

const below = ["unshare", "--pid", "--fork", "--kill-child"];

/** Not the first of its namespace, which the system tells less of. */
const BELOW: Readonly<Record<string, string[]>> = {
  "as its first process": below,
  "as another process": [...below, "sh", "-c", '"$@"; exit $?', "sh"],
};

for (const [how, below] of Object.entries(BELOW)) {
  Deno.test(`with another's /proc a program is handed over, and goes with its group: ${how}`, {
    ignore: !canTry,
  }, async () => {
    using project = new Project({ "app.py": COUNTING });
    await using baton = new Baton(project, ["sh", "-c", `${PYTHON} app.py; true`], { below });
    await baton.event("armed");
    await baton.event("ready", ({ announced }) => announced);
    project.replace("app.py", "VERSION = 1", "VERSION = 2");
    await waitUntil("the state goes on", () => baton.stdout.includes("version 2 count 1"));
    const pid = () => Deno.readTextFileSync(`/proc/${baton.pid}/task/${baton.pid}/children`).trim();
    const first = Number(pid());
    const inner = how.includes("first")
      ? first
      : Number(Deno.readTextFileSync(`/proc/${first}/task/${first}/children`).trim());
    Deno.kill(inner, "SIGTERM");
    assertEquals(await baton.end(), 0);
  });
}
