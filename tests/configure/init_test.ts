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

/** What is in a folder, and the command that is written for it. */
const COMMANDS: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{ "deno.json": "{}", "main.ts": "" }, "deno run -A main.ts"],
  [{ "deno.jsonc": '{"tasks": {"start": "x"}}' }, "deno task start"],
  [{ "deno.json": '{"tasks": {"dev": {"command": "x"}}}', "main.ts": "" }, "deno task dev"],
  [
    { "deno.json": '{"tasks": {"dev": "deno run --watch -A app.ts", "start": "x"}}' },
    "deno run -A app.ts",
  ],
  [
    { "deno.json": '{"tasks": {"dev": "FOO=1 deno run --watch x"}}', "main.ts": "" },
    "deno run -A main.ts",
  ],
  [{ "package.json": '{"scripts": {"serve": "x"}}' }, "npm run serve"],
  [{ "package.json": '{"scripts": {"start": "x"}}' }, "npm run start"],
  [{ "package.json": '{"scripts": {"start": "next start", "dev": "next"}}' }, "npm run dev"],
  [{ "package.json": '{"scripts": {"start": "x", "dev": "nodemon -e ts"}}' }, "npm run start"],
  [{ "package.json": '{"scripts": {"start": "x", "dev": "nodemon src/a.js"}}' }, "node src/a.js"],
  [{ "package.json": '{"scripts": {"start": "x", "dev": "tsx watch a.ts"}}' }, "npx tsx a.ts"],
  [
    { "package.json": '{"scripts": {"dev": "node --watch a.js"}}', "pnpm-lock.yaml": "" },
    "node a.js",
  ],
  [{ "package.json": '{"scripts": {"dev": "node --watch-path=x a.js"}}' }, "npm run dev"],
  [
    { "package.json": '{"scripts": {"dev": "tsx watch a.ts"}}', "yarn.lock": "" },
    "yarn run tsx a.ts",
  ],
  [{ "package.json": '{"scripts": {"dev": "x"}}', "pnpm-lock.yaml": "" }, "pnpm run dev"],
  [{ "package.json": '{"scripts": {"dev": "x"}}', "bun.lock": "" }, "bun run dev"],
  [{ "package.json": '{"packageManager": "yarn@4.1", "scripts": {"dev": "x"}}' }, "yarn run dev"],
  [{ "package.json": "{}", "server.js": "" }, "node server.js"],
  [{ "package.json": '{"main": "lib/x.js"}', "lib/x.js": "", "index.js": "" }, "node lib/x.js"],
  [{ "package.json": '{"main": "dist/x.js"}', "src/index.ts": "" }, "node src/index.ts"],
  [
    { "package.json": '{"devDependencies": {"tsx": "4"}}', "src/index.ts": "" },
    "npx tsx src/index.ts",
  ],
  [{ "package.json": '{"module": "index.ts"}', "bun.lock": "", "index.ts": "" }, "bun index.ts"],
  [{ "pyproject.toml": '[project.scripts]\nserve = "x:main"\n' }, "serve"],
  [{ "pyproject.toml": '[project.scripts]\nserve = "x:f"\n', "uv.lock": "" }, "uv run serve"],
  [{ "pyproject.toml": "", "app.py": "print()" }, "python3 app.py"],
  [{ "pyproject.toml": "", "uv.lock": "", "main.py": "" }, "uv run python main.py"],
  [
    { "pyproject.toml": "", "uv.lock": "", "main.py": "app = FastAPI()\n" },
    "uv run uvicorn main:app",
  ],
  [
    { "pyproject.toml": 'name = "a-b"', "poetry.lock": "", "a_b/__main__.py": "" },
    "poetry run python -m a_b",
  ],
  [{ "pyproject.toml": 'name = "a"', "src/a/__main__.py": "" }, "python3 -m a"],
  [{ Pipfile: "", "run.py": "" }, "pipenv run python run.py"],
  [{ "pyproject.toml": "", "main.py": "x = 1\napi = FastAPI()\n" }, "uvicorn main:api"],
  [{ "requirements.txt": "", "app/main.py": "app = FastAPI()\n" }, "uvicorn app.main:app"],
  [{ "requirements.txt": "", "app.py": "app: Flask = Flask(__name__)\n" }, "flask --app app run"],
  [{ "requirements.txt": "", "wsgi.py": "app = Flask(__name__)\n" }, "flask --app wsgi run"],
  [
    { "requirements.txt": "", "run.py": "", "app/__init__.py": "app = Flask(__name__)\n" },
    "flask --app app run",
  ],
  [
    { "requirements.txt": "", "app.py": "def create_app():\n    app = Flask(__name__)\n" },
    "flask --app app run",
  ],
  [
    { "requirements.txt": "", "app.py": "app = Quart(__name__)\n" },
    "python3 -m quart --app app run",
  ],
  [
    { "requirements.txt": "", "app.py": "app = Litestar([])\n" },
    "python3 -m litestar --app app:app run",
  ],
  [{ "requirements.txt": "", "app.py": 'app = sanic.Sanic("x")\n' }, "python3 -m sanic app:app"],
  [{ "server.py": 'app = Sanic("x")\n' }, "python3 -m sanic server:app"],
  [{ "bot.py": "" }, "python3 bot.py"],
  [{ "tasks.py": 'app = Celery("tasks")\n' }, "python3 -m celery -A tasks worker"],
  [{ "tasks.py": "@dramatiq.actor\ndef f(): ...\n" }, "python3 -m dramatiq tasks"],
  [{ "app.py": 'x = Celery("x")\napp = Flask(__name__)\n', "tasks.py": "" }, "flask --app app run"],
  [{ "app.py": 'pn.panel("v1").servable()\n' }, "python3 -m panel serve app.py"],
  [{ "app.psgi": "" }, "plackup"],
  [
    { "requirements.txt": "", "app.py": "import streamlit as st\n" },
    "python3 -m streamlit run app.py",
  ],
  [{ "manage.py": "", "package.json": "{}" }, "python3 manage.py runserver --noreload"],
  [{ "manage.py": "", "uv.lock": "" }, "uv run python manage.py runserver --noreload"],
  [{ "app.py": "" }, "python3 app.py"],
  [{ "go.mod": "", "server.go": "package main\n" }, "go run ."],
  [{ "go.mod": "", "x.go": "package x\n", "cmd/x/main.go": "package main\n" }, "go run ./cmd/x"],
  [{ "Cargo.toml": '[package]\nname = "x"\n[workspace]\n' }, "cargo run"],
  [{ Gemfile: "", "config.ru": "" }, "bundle exec rackup"],
  [{ Gemfile: 'gem "puma"', "config.ru": "" }, "bundle exec puma"],
  [{ Gemfile: "", "bin/rails": "" }, "bin/rails server"],
  [{ "config.ru": "" }, "rackup"],
  [
    { "pom.xml": "<artifactId>spring-boot-maven-plugin</artifactId>", mvnw: "" },
    "./mvnw spring-boot:run",
  ],
  [{ "pom.xml": "<exec.mainClass>x.App</exec.mainClass>" }, "mvn -q compile exec:java"],
  [{ "build.gradle.kts": "plugins { application }", gradlew: "" }, "./gradlew run"],
  [{ artisan: "", "composer.json": "{}", "package.json": "{}" }, "php artisan serve"],
  [{ "composer.json": "{}", "public/index.php": "" }, "php -S localhost:8000 -t public"],
  [{ "mix.exs": "{:phoenix, 1}" }, "mix phx.server"],
  [{ Makefile: "build:\n\tcc\nrun: build\n\t./x\n" }, "make run"],
  [{ justfile: 'dev port="1":\n  x\n' }, "just dev"],
  [{ Procfile: "web: bin/serve -p 1\n" }, "bin/serve -p 1"],
  [{ Procfile: "web: serve -p $PORT\n" }, "serve -p $PORT"],
  [{ "package.json": "{}", Makefile: "dev:\n\tx\n" }, "make dev"],
];

Deno.test("the command is the one the project is run with", async () => {
  for (const [files, command] of COMMANDS) {
    const onPath = ["python3", "flask", "uvicorn"];
    const settings = await initialized(files, onPath);
    assertEquals(settings.command.join(" "), command, JSON.stringify(files));
  }
});

Deno.test("a project's own environment is used, where nothing manages it", async () => {
  const flask = { "requirements.txt": "", "app.py": "app = Flask(__name__)\n" };
  const commands = [".venv/bin/python", ".venv/bin/flask"];
  assertEquals((await initialized(flask, commands)).command.slice(0, 2), [
    ".venv/bin/flask",
    "--app",
  ]);
  assertEquals((await initialized(flask, ["venv/bin/python", "flask"])).command.slice(0, 3), [
    "venv/bin/python",
    "-m",
    "flask",
  ]);
});

Deno.test("of a server that takes edits by itself only the configuration is watched", async () => {
  for (const script of ["vite", "NODE_ENV=x next dev", "astro dev --host"]) {
    const host = memoryHost({ "package.json": JSON.stringify({ scripts: { dev: script } }) });
    assertStringIncludes((await init(host)).next, "takes edits by itself");
    const written = host.written.get("/project/baton.jsonc")!;
    assertStringIncludes(written, '\n  "watch": ["package.json","*.config.*"],\n');
  }
  const built = memoryHost({ "package.json": '{"scripts": {"start": "vite preview"}}' });
  assertEquals((await init(built)).next, 'Check "command" in it, then run "baton"');
});

Deno.test("where nothing tells what the project is, no command is made up", async () => {
  for (const files of [{}, { "run.sh": "" }, { "notes.txt": "" }]) {
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
  const { command, ext, cwd, stateDir, ...rest } = await initialized({
    "go.mod": "",
    "main.go": "package main",
  });
  assertEquals([command, ext, cwd, stateDir], [
    ["go", "run", "."],
    ["go", "mod", "html", "tmpl"],
    "/project",
    "/project/.baton",
  ]);
  const { ext: _, stateDir: __, ...defaults } = DEFAULTS;
  assertEquals(rest, defaults);
});

Deno.test("every commented key can be switched on as it stands", async () => {
  const host = memoryHost({ "go.mod": "", "main.go": "package main" });
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
  assertEquals(await init(memoryHost({ "go.mod": "", "main.go": "package main" })), {
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

Deno.test("of a project of a known kind no command is made up either", async () => {
  const cases: readonly Readonly<Record<string, string>>[] = [
    { "package.json": '{"scripts": {"test": "x"}}' },
    { "deno.json": '{"tasks": {"dev": "FOO=1 deno run --watch x"}}' },
    { "pyproject.toml": "" },
    { "Gemfile": "" },
    { "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n' },
    { "go.mod": "", "cmd/a/main.go": "package main", "cmd/b/main.go": "package main" },
    { "pom.xml": "<project/>" },
    { Makefile: "run := x\n" },
  ];
  for (const files of cases) {
    const [found] = Object.keys(files);
    const host = memoryHost(files);
    assertEquals(await init(host), {
      what: `Wrote "baton.jsonc"; how it is run "${found}" does not say`,
      next: 'Set "command" in it, then run "baton"',
    });
    assertStringIncludes(host.written.get("/project/baton.jsonc")!, '\n  // "command": ');
  }
});

Deno.test("where several packages or services are in a folder, it says where to look", async () => {
  const { next } = await init(memoryHost({ "package.json": '{"workspaces": ["packages/*"]}' }));
  assertStringIncludes(next, 'let "baton init" look in the folder of what is to run');
  assertStringIncludes((await init(memoryHost({ "compose.yaml": "" }))).next, "service");
});
