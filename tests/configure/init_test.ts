import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../lib/configure/command_line.ts";
import { init } from "../../lib/configure/init.ts";
import { resolveSettings } from "../../lib/configure/resolve.ts";
import { DEFAULTS } from "../../lib/settings.ts";
import { explainedLater } from "../support/explained.ts";
import { memoryHost } from "../support/memory_host.ts";

/** The settings of a folder with these files after `baton init`. */
async function initialized(
  files: Readonly<Record<string, string>>,
  commands: readonly string[] = [],
) {
  const host = memoryHost(files, commands);
  await init(host);
  const line = await parseCommandLine([]);
  if (line.kind !== "run") throw new Error(`expected a run, got ${line.kind}`);
  return (await resolveSettings(host, line)).settings;
}

Deno.test("the command is the one the project is run with", async () => {
  const cases: [Record<string, string>, string][] = [
    [{ "deno.json": "{}", "main.ts": "" }, "deno run -A main.ts"],
    [{ "deno.jsonc": '{"tasks": {"start": "x"}}' }, "deno task start"],
    [{ "package.json": '{"scripts": {"serve": "x"}}' }, "npm run serve"],
    [{ "package.json": '{"scripts": {"start": "x"}}' }, "npm run start"],
    [{ "package.json": '{"scripts": {"start": "next start", "dev": "next"}}' }, "npm run dev"],
    [{ "package.json": '{"scripts": {"start": "x", "dev": "nodemon x"}}' }, "npm run start"],
    [{ "package.json": '{"scripts": {"dev": "tsx watch x"}}' }, "npm run dev"],
    [{ "deno.json": '{"tasks": {"dev": {"command": "x"}}}', "main.ts": "" }, "deno task dev"],
    [
      { "deno.json": '{"tasks": {"dev": "deno run --watch main.ts"}}', "main.ts": "" },
      "deno run -A main.ts",
    ],
    [{ "package.json": "{}", "server.js": "" }, "node server.js"],
    [{ "pyproject.toml": '[project.scripts]\nserve = "x:main"\n' }, "serve"],
    [{ "pyproject.toml": '[project.scripts]\nserve = "x:f"\n', "uv.lock": "" }, "uv run serve"],
    [{ Makefile: "build:\n\tcc\nrun: build\n\t./x\n" }, "make run"],
    [{ "pyproject.toml": "", "app.py": "print()" }, "python3 app.py"],
    [{ "pyproject.toml": "", "main.py": "x = 1\napi = FastAPI()\n" }, "uvicorn main:api"],
    [{ "requirements.txt": "", "app.py": "app: Flask = Flask(__name__)\n" }, "flask --app app run"],
    [{ "manage.py": "", "package.json": "{}" }, "python3 manage.py runserver --noreload"],
    [{ "go.mod": "" }, "go run ."],
    [{ "Cargo.toml": "" }, "cargo run"],
    [{ Gemfile: "", "config.ru": "" }, "bundle exec rackup"],
    [{ Gemfile: "", "bin/rails": "" }, "bin/rails server"],
    [{ "app.py": "" }, "python3 app.py"],
  ];
  for (const [files, command] of cases) {
    const onPath = ["python3", "flask", "uvicorn"];
    assertEquals(
      (await initialized(files, onPath)).command.join(" "),
      command,
      JSON.stringify(files),
    );
  }
});

Deno.test("where nothing tells what the project is, no command is made up", async () => {
  for (const files of [{}, { "run.sh": "" }, { "notes.txt": "" }, { Makefile: "run := x\n" }]) {
    const host = memoryHost(files);
    const { what, next } = await init(host);
    assertEquals(what, 'Wrote "baton.jsonc"; no known kind of project was found');
    assertEquals(next, 'Set "command" in it, then run "baton"');
    const written = host.written.get("/project/baton.jsonc")!;
    assertStringIncludes(written, '\n  // "command": "python app.py",\n');
    assertStringIncludes(written, '\n  // "ext": [],\n');
    assertEquals((await explainedLater(() => initialized(files))).what, "No command to run");
  }
});

Deno.test("the command is one that is on PATH", async () => {
  const flask = { "requirements.txt": "", "app.py": "app = Flask(__name__)\n" };
  const cases: [Record<string, string>, string[], string][] = [
    [{ "app.py": "" }, ["python", "python3"], "python3 app.py"],
    [{ "app.py": "" }, ["python"], "python app.py"],
    [{ "app.py": "" }, [], "python3 app.py"],
    [{ "manage.py": "" }, ["python"], "python manage.py runserver --noreload"],
    [flask, ["python", "flask"], "flask --app app run"],
    [flask, ["python"], "python -m flask --app app run"],
  ];
  for (const [files, commands, command] of cases) {
    assertEquals((await initialized(files, commands)).command.join(" "), command, commands.join());
  }
});

Deno.test("what is not set for the project is the default, as a comment", async () => {
  const { command, ext, cwd, stateDir, ...rest } = await initialized({ "go.mod": "" });
  assertEquals([command, ext, cwd, stateDir], [
    ["go", "run", "."],
    ["go", "mod"],
    "/project",
    "/project/.baton",
  ]);
  const { ext: _, stateDir: __, ...defaults } = DEFAULTS;
  assertEquals(rest, defaults);
});

Deno.test("every commented key can be switched on as it stands", async () => {
  const host = memoryHost({ "go.mod": "" });
  await init(host);
  const path = "/project/baton.jsonc";
  host.written.set(path, host.written.get(path)!.replace(/^ {2}\/\/ (?=")/gm, "  "));
  const line = await parseCommandLine([]);
  if (line.kind !== "run") throw new Error(`expected a run, got ${line.kind}`);
  const { origins } = await resolveSettings(host, line);
  for (const [key, origin] of Object.entries(origins)) {
    assertStringIncludes(origin, "baton.jsonc:", key);
  }
});

Deno.test("it says what it wrote and what comes next", async () => {
  assertEquals(await init(memoryHost({ "go.mod": "" })), {
    what: 'Wrote "baton.jsonc" for what "go.mod" says: go run .',
    next: 'Check "command" in it, then run "baton"',
  });
});

Deno.test("it never overwrites", async () => {
  for (const name of ["baton.json", "baton.jsonc", "deno.json"]) {
    const text = name === "deno.json" ? '{"baton": {"keep": 2}}' : '{"keep": 2}';
    const host = memoryHost({ [name]: text });
    assertEquals(await explainedLater(() => init(host)), {
      what: 'Cannot write "baton.jsonc": baton is configured already',
      where: `/project/${name}`,
      next: 'Edit that file; "baton --print-config" shows what is in effect',
    });
    assertEquals([...host.written], [[`/project/${name}`, text]]);
  }
});

Deno.test("where nothing tells how a project is run, it says that it guesses", async () => {
  for (
    const [files, guess] of [
      [{ "package.json": '{"scripts": {"test": "x"}}' }, "node index.js"],
      [{ "deno.json": '{"tasks": {"dev": "deno run --watch x"}}' }, "deno run -A main.ts"],
      [{ "pyproject.toml": "" }, "python3 main.py"],
      [{ "Gemfile": "" }, "bundle exec ruby main.rb"],
    ] as const
  ) {
    const [found] = Object.keys(files);
    assertEquals(await init(memoryHost(files)), {
      what:
        `Wrote "baton.jsonc"; how it is run "${found}" does not say, and "${guess}" in it is a guess`,
      next: 'Set "command" in it, then run "baton"',
    });
  }
});
