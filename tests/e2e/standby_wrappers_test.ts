/** Below a wrapper the interpreter waits, and nothing else runs that would run the program. */
import { assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { PYTHON } from "../support/running.ts";
import { Baton, Project } from "./baton.ts";

const packages = new URL("../standby/packages/", import.meta.url).pathname.slice(0, -1);
const UV = Deno.env.get("UV") ?? "uv";
const INTERPRETER = new TextDecoder().decode(
  new Deno.Command(PYTHON, { args: ["-c", "import sys; print(sys.executable)"] }).outputSync()
    .stdout,
).trim();

const PROGRAM = `#!${INTERPRETER}
VERSION = 1
import slow, time
with open("runs", "a") as runs: runs.write("x")
print("version", VERSION, flush=True)
time.sleep(600)
`;

const SHIM = `#!/bin/sh
program="$(basename "$0")"
exec ${INTERPRETER} "$@"
`;

interface Wrapped {
  readonly command: (bin: string) => readonly string[];
  /** What waits, by its executables; absent where nothing must. */
  readonly waits?: readonly string[];
  readonly needs?: string;
}

/** It goes on beside what it runs. */
const IS_DASH = Deno.realPathSync("/bin/sh").endsWith("/dash");

const WRAPPED: Readonly<Record<string, Wrapped>> = {
  "sh -c": {
    command: () => ["sh", "-c", `A=1 ${INTERPRETER} app.py`],
    waits: IS_DASH ? ["dash", "python"] : ["python"],
  },
  "bash, after a change of folder": {
    command: () => ["bash", "-c", `cd . && A=1 exec ${INTERPRETER} app.py`],
    waits: ["python"],
  },
  "a shim that asks a helper": {
    command: (bin) => [`${bin}/shims/python`, "app.py"],
    waits: ["python"],
  },
  "the first line of the program": { command: () => ["./app.py"], waits: ["python"] },
  "uv run": { command: () => [UV, "run", "app.py"], waits: ["python", "uv"], needs: UV },
  "sh that stays": { command: () => ["sh", "-c", `${INTERPRETER} app.py; true`] },
  "npm run": {
    command: () => ["npm", "run", "--silent", "serve"],
    waits: IS_DASH ? ["dash", "node", "python"] : ["node", "python"],
    needs: "npm",
  },
  "npm run, after a build": {
    command: () => ["npm", "run", "--silent", "built"],
    needs: "npm",
  },
};

for (const [wrapper, { command, waits, needs = "sh" }] of Object.entries(WRAPPED)) {
  const missing = findOnPath(needs) === null;
  if (missing) console.warn(`SKIPPED: standby below ${wrapper}, for "${needs}" is not installed`);
  const what = waits === undefined ? "nothing is parked" : "the interpreter is parked";
  Deno.test(`below ${wrapper} ${what}`, { ignore: missing }, async () => {
    using project = new Project({
      "app.py": PROGRAM,
      "package.json": JSON.stringify({
        scripts: { serve: `${INTERPRETER} app.py`, built: `ls && ${INTERPRETER} app.py` },
      }),
    });
    Deno.chmodSync(project.path("app.py"), 0o755);
    const bin = Deno.makeTempDirSync({ prefix: "baton-bin-" });
    try {
      Deno.mkdirSync(`${bin}/shims`);
      Deno.writeTextFileSync(`${bin}/shims/python`, SHIM, { mode: 0o755 });
      const env = { PYTHONPATH: packages, UV_OFFLINE: "1", UV_PYTHON: INTERPRETER };
      const args = ["-i", "runs"];
      await using baton = new Baton(project, command(bin), { env, args });
      await baton.up();
      await baton.prints("version 1");
      const { news } = await baton.event("standby", () => true, { withinMs: 30_000 });
      assertEquals(news.type, waits === undefined ? "unparked" : "parked", baton.transcript());
      assertEquals(waiting(project), waits ?? []);
      project.write("app.py", PROGRAM.replace("VERSION = 1", "VERSION = 2"));
      const ready = await baton.event("ready", ({ generation }) => generation === 2);
      assertEquals(ready.standby.type, waits === undefined ? "cold" : "standby");
      await baton.prints("version 2");
      assertEquals(project.read("runs"), "xx");
      assertEquals(await baton.stop(), 0);
      assertEquals(waiting(project), []);
    } finally {
      Deno.removeSync(bin, { recursive: true });
    }
  });
}

/** What runs in this project to be parked, by its executables. */
function waiting(project: Project): string[] {
  return [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const isHere = Deno.readLinkSync(`/proc/${name}/cwd`) === project.dir;
      const env = isHere ? Deno.readTextFileSync(`/proc/${name}/environ`) : "";
      if (!env.includes("BATON_STANDBY=park:")) return [];
      return [Deno.readLinkSync(`/proc/${name}/exe`).split("/").at(-1)!.replace(/[\d.]+$/, "")];
    } catch (error) {
      const kinds = [Deno.errors.NotFound, Deno.errors.PermissionDenied];
      if (kinds.some((kind) => error instanceof kind)) return [];
      throw error;
    }
  }).toSorted();
}
