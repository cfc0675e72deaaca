/** Somebody tidies up where the pipes are: what comes next has one all the same. */
import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";

const TELLS_ITS_PIPE = `import os\nprint("pipe", os.environ["BATON_PIPE"], flush=True)\n`;

const pipes = ({ stdout }: Baton) => [...stdout.matchAll(/^pipe (.*)$/gm)].map(([, path]) => path!);

const folderOf = (pipe: string) => pipe.slice(0, pipe.lastIndexOf("/"));

const GONE: Readonly<Record<string, (pipe: string) => void>> = {
  "the next socket": (pipe) => Deno.removeSync(pipe.replace(/1\.1$/, "2.2")),
  "all sockets": (pipe) => {
    for (const { name } of Deno.readDirSync(folderOf(pipe))) {
      if (/^\d/.test(name)) Deno.removeSync(`${folderOf(pipe)}/${name}`);
    }
  },
  "the folder": (pipe) => Deno.removeSync(folderOf(pipe), { recursive: true }),
  "the folder, where a file is now": (pipe) => {
    Deno.removeSync(folderOf(pipe), { recursive: true });
    Deno.writeTextFileSync(folderOf(pipe), "");
  },
};

for (const [what, remove] of Object.entries(GONE)) {
  Deno.test(`a program is handed over, twice, after somebody has removed ${what}`, async () => {
    using project = new Project({ "app.py": TELLS_ITS_PIPE + COUNTING });
    const temporary = Deno.makeTempDirSync();
    try {
      const env = { TMPDIR: temporary, XDG_RUNTIME_DIR: "" };
      await using baton = new Baton(project, [PYTHON, "app.py"], { env });
      await baton.event("armed");
      await baton.event("ready", ({ announced }) => announced);
      remove(pipes(baton)[0]!);
      for (const version of [2, 3]) {
        project.replace("app.py", `VERSION = ${version - 1}`, `VERSION = ${version}`);
        await baton.line(new RegExp(`^version ${version} count ${version - 1}$`, "m"));
      }
      await baton.event("ready", ({ generation, announced }) => generation === 3 && announced);
      assertEquals(baton.count("candidate-failed"), 0, baton.transcript());
      assertEquals(await baton.stop(), 0);
    } finally {
      Deno.removeSync(temporary, { recursive: true });
    }
  });
}

Deno.test("pipes are in the user's runtime folder, where it is this user's alone", async () => {
  const runtime = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    for (const mode of [0o700, 0o777]) {
      Deno.chmodSync(runtime, mode);
      using project = new Project({ "app.py": TELLS_ITS_PIPE + COUNTING });
      const env = { XDG_RUNTIME_DIR: runtime };
      await using baton = new Baton(project, [PYTHON, "app.py"], { env });
      await baton.event("ready", ({ announced }) => announced);
      assertEquals(pipes(baton)[0]!.startsWith(`${runtime}/baton-`), mode === 0o700);
      assertEquals(await baton.stop(), 0);
      assertEquals([...Deno.readDirSync(runtime)].filter(({ name }) => name !== "baton"), []);
    }
  } finally {
    Deno.removeSync(runtime, { recursive: true });
  }
});
