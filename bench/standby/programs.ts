/** The programs that are saved, each in a folder of its own, with what they import outside of it. */
import { ensureDirSync } from "@std/fs/ensure-dir";
import { dirname } from "@std/path";
import { MANAGE_PY, pythonFrameworks } from "../../tests/support/python_environment.ts";
import { findOnPath } from "../../tools/find_on_path.ts";
import { python } from "../handoff/programs.ts";
import { modulePrograms } from "./module_programs.ts";
import { nodePrograms } from "./node_programs.ts";

const root = new URL("../../", import.meta.url).pathname;

export interface Program {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Where `VERSION = 1` is. */
  readonly edited: string;
  readonly command: (port: number) => readonly string[];
  /** How long the modules take to import that are not the project's, in milliseconds; absent where they are real. */
  readonly importMs?: number;
  /** A folder with the packages of npm that it requires; absent where there are none. */
  readonly packages?: string;
  /** It is built at each start: nothing is parked for it. */
  readonly isBuilt?: boolean;
  /** Baton serves at the port, and the program at one of its own. */
  readonly isProxied?: boolean;
  /** How it is told to stand by; `auto` where this is absent. */
  readonly standby?: "own";
}

const MODULES = 300;
const SERVICES = 19;
/** Of the standard library; each is loaded as what is installed is. */
const LIBRARIES = ["asyncio", "decimal", "email.message", "logging", "sqlite3", "urllib.request"];

/** Functions and classes as a program has them, which cost what it takes to load them. */
function definitions(imports: readonly string[], number: number): string {
  const functions = Array.from(
    { length: 40 },
    (_, index) =>
      `def function_${index}(one, two=None, *rest):
    """Gives what is asked for, in words."""
    if two is None:
        return [one + len(each) * ${number} for each in rest]
    return {"one": one, "two": two, "rest": rest, "number": ${number}}
`,
  );
  const classes = Array.from(
    { length: 12 },
    (_, index) =>
      `@dataclass
class Record${index}:
    name: str = "record ${index}"
    number: int = ${number}
    def text(self):
        return f"{self.name} {self.number}"
`,
  );
  const lines = ["from dataclasses import dataclass", ...imports, ""].join("\n");
  return `${lines}${functions.join("")}${classes.join("")}`;
}

/**
 * A program of many modules of its own: views that use services, and all of them a base. A view is edited, which
 * nothing else imports than the program.
 */
function ofOwnModules(serves: string): Program {
  const base = "from base import Record0, function_0";
  const services = Array.from({ length: SERVICES }, (_, number) => `service_${number}`);
  const views = Array.from({ length: MODULES - SERVICES - 1 }, (_, number) => `view_${number}`);
  const ofView = (number: number) => [base, `import ${services[number % SERVICES]}`];
  const files = Object.fromEntries([
    ["base", definitions(LIBRARIES.map((name) => `import ${name}`), 0)],
    ...services.map((name, number) => [name, definitions([base], number)]),
    ...views.map((name, number) => [name, definitions(ofView(number), number)]),
  ].map(([name, text]) => [`${name}.py`, text]));
  const edited = "view_140.py";
  return {
    name: `Python, ${MODULES} modules of its own, a view edited`,
    files: {
      ...files,
      [edited]: `VERSION = 1\n${files[edited]}`,
      "app.py": serves
        .replace(/^time\.sleep.*$/m, views.map((name) => `import ${name}`).join("\n"))
        .replace(/^VERSION = 1$/m, "from view_140 import VERSION"),
    },
    edited,
    command: () => [python, "app.py"],
    standby: "own",
  };
}

const ANSWER = 'f"{VERSION} {os.getpid()}\\n"';

/** Takes no part, and imports nothing but the standard library. */
const HTTP_SERVER = `import os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
${LIBRARIES.map((name) => `import ${name}`).join("\n")}
VERSION = 1
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = ${ANSWER}.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
`;

const FASTAPI = `import os
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
VERSION = 1
app = FastAPI()
@app.get("/", response_class=PlainTextResponse)
def root():
    return ${ANSWER}
`;

const FLASK = `import os
from flask import Flask
from sqlalchemy import Integer, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
VERSION = 1
class Base(DeclarativeBase): pass
class Row(Base):
    __tablename__ = "rows"
    id = mapped_column(Integer, primary_key=True)
engine = create_engine("sqlite://")
app = Flask(__name__)
@app.route("/")
def root():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.scalars(select(Row)).all()
    return ${ANSWER}
`;

const GO = `package main
import ("fmt"; "net/http"; "os")
const VERSION = 1
func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%d %d\\n", VERSION, os.Getpid())
	})
	http.ListenAndServe("127.0.0.1:" + os.Getenv("PORT"), nil)
}
`;

const RUST = `use std::io::{Read, Write};
macro_rules! number { ($name:ident = $value:expr) => { const $name: u32 = $value; } }
number!(VERSION = 1);
fn main() {
    let port = std::env::var("PORT").unwrap();
    let listener = std::net::TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request);
        let body = format!("{VERSION} {}\\n", std::process::id());
        let _ = write!(stream, "HTTP/1.1 200 OK\\r\\nContent-Length: {}\\r\\n\\r\\n{body}", body.len());
    }
}
`;

/** What is built at each start, with the tools that are there. */
const BUILT: readonly Program[] = [
  {
    name: "go run",
    files: { "go.mod": "module example.com/app\n\ngo 1.18\n", "main.go": GO },
    edited: "main.go",
    command: () => ["go", "run", "."],
    isBuilt: true,
  },
  {
    name: "cargo run",
    files: {
      "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
      "src/main.rs": RUST,
    },
    edited: "src/main.rs",
    command: () => ["cargo", "run", "-q"],
    isBuilt: true,
  },
];

/** What is loaded by `config.ru` is in a file of its own: Ruby has opened what its command names. */
const SINATRA = {
  "config.ru": 'require_relative "web"\nrun Web\n',
  "web.rb": `require "sinatra/base"
require "active_support/all"
VERSION = 1
class Web < Sinatra::Base
  set :logging, false
  get("/") { content_type :text; "#{VERSION} #{$$}\\n" }
end
`,
};

/** What Ruby requires ahead of it with `own`. */
const REQUIRED_FIRST = {
  "app.rb": `require "webrick"
require "active_support/all"
require "sequel"
require "sinatra/base"
require_relative "web"
`,
  "web.rb": `VERSION = 1
log = WEBrick::Log.new(File::NULL)
server = WEBrick::HTTPServer.new(Port: ARGV.first.to_i, Logger: log, AccessLog: [])
server.mount_proc("/") { |_, answer| answer.body = "#{VERSION} #{$$}\\n" }
trap("TERM") { server.shutdown }
server.start
`,
};

const DJANGO = {
  "manage.py": MANAGE_PY,
  "site_settings.py": `SECRET_KEY = "x"
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
`,
  "urls.py": 'from django.urls import path\nimport views\nurlpatterns = [path("", views.root)]\n',
  "views.py": `import os
from django.http import HttpResponse
VERSION = 1
def root(request):
    return HttpResponse(${ANSWER})
`,
};

/** Where Debian's packages are there; said where they are not. */
function rubyPrograms(): readonly Program[] {
  const args = [
    "-e",
    'require "puma"; require "sinatra/base"; require "active_support"; require "sequel"',
  ];
  const isThere = findOnPath("ruby") !== null && findOnPath("puma") !== null &&
    new Deno.Command("ruby", { args, stderr: "null" }).outputSync().success;
  if (!isThere) {
    console.error(
      "SKIPPED: Ruby (apt-get install puma ruby-sinatra ruby-activesupport ruby-sequel)",
    );
    return [];
  }
  return [{
    name: "puma, Sinatra, ActiveSupport",
    files: SINATRA,
    edited: "web.rb",
    command: (port) => ["puma", "-q", "-p", `${port}`, "config.ru"],
  }, {
    name: "Ruby, ActiveSupport, Sinatra, Sequel, WEBrick, required first",
    files: REQUIRED_FIRST,
    edited: "web.rb",
    command: (port) => ["ruby", "app.rb", `${port}`],
    standby: "own",
  }];
}

/** What is there: those of frameworks only where PyPI can be reached, which is said. */
export async function findPrograms(): Promise<readonly Program[]> {
  const serves = Deno.readTextFileSync(`${root}bench/programs/serves_with_python.py`);
  const plain: Program = {
    name: "Python, 300 ms of imports, overlapped",
    files: { "app.py": serves.replace(/^time\.sleep.*$/m, "import slow_imports") },
    edited: "app.py",
    command: () => [python, "app.py"],
    importMs: 300,
  };
  const httpServer: Program = {
    name: "Python, http.server",
    files: { "app.py": HTTP_SERVER },
    edited: "app.py",
    command: (port) => [python, "app.py", `${port}`],
  };
  const built = BUILT.filter(({ command }) => findOnPath(command(0)[0]!) !== null);
  const others = [...built, ...rubyPrograms(), ...await nodePrograms(), ...await modulePrograms()];
  const bin = await pythonFrameworks();
  if (bin === null) return [plain, httpServer, ofOwnModules(serves), ...others];
  const uvicorn = (port: number) => [`${bin}/uvicorn`, "app:app", "--port", `${port}`];
  return [
    plain,
    httpServer,
    ofOwnModules(serves),
    ...others,
    { name: "uvicorn, FastAPI", files: { "app.py": FASTAPI }, edited: "app.py", command: uvicorn },
    {
      name: "uvicorn, FastAPI, behind --proxy",
      files: { "app.py": FASTAPI },
      edited: "app.py",
      command: () => [`${bin}/uvicorn`, "app:app", "--port", "{port}"],
      isProxied: true,
    },
    {
      name: "uvicorn, FastAPI, taking part",
      files: {
        "app.py": `import baton\n${FASTAPI}app = baton.asgi(app, {})\n`,
      },
      edited: "app.py",
      command: uvicorn,
    },
    {
      name: "flask run, SQLAlchemy, behind --proxy",
      files: { "app.py": FLASK },
      edited: "app.py",
      command: () => [`${bin}/flask`, "run", "--port", "{port}"],
      isProxied: true,
    },
    {
      name: "flask run, SQLAlchemy, taking part",
      files: { "app.py": `import baton\n${FLASK}app.wsgi_app = baton.wsgi(app.wsgi_app, {})\n` },
      edited: "app.py",
      command: (port) => [`${bin}/flask`, "run", "--port", `${port}`],
    },
    {
      name: "flask run, SQLAlchemy",
      files: { "app.py": FLASK },
      edited: "app.py",
      command: (port) => [`${bin}/flask`, "run", "--port", `${port}`],
    },
    {
      name: "uvicorn, FastAPI, numpy, pandas",
      files: { "app.py": `import numpy, pandas\n${FASTAPI}` },
      edited: "app.py",
      command: uvicorn,
    },
    {
      name: "uvicorn, FastAPI, numpy, pandas, behind --proxy",
      files: { "app.py": `import numpy, pandas\n${FASTAPI}` },
      edited: "app.py",
      command: () => [`${bin}/uvicorn`, "app:app", "--port", "{port}"],
      isProxied: true,
    },
    {
      name: "Django runserver --noreload",
      files: DJANGO,
      edited: "views.py",
      command: (port) => [`${bin}/python`, "manage.py", "runserver", "--noreload", `${port}`],
    },
  ];
}

/** A project of one program, and beside it what it imports. */
export class Workplace implements Disposable {
  readonly #dir = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-bench-" }));
  readonly dir = `${this.#dir}/project`;
  readonly packages = `${this.#dir}/packages`;
  readonly #program: Program;
  version = 1;

  constructor(program: Program) {
    this.#program = program;
    for (const [name, text] of Object.entries(program.files)) {
      write(`${this.dir}/${name}`, text);
    }
    if (program.packages !== undefined) {
      Deno.symlinkSync(`${program.packages}/node_modules`, `${this.dir}/node_modules`);
    }
    const modules = 30;
    const each = (program.importMs ?? 0) / modules / 1_000;
    write(`${this.packages}/slow_imports/__init__.py`, "from . import last\n");
    for (let number = 0; number < modules; number++) {
      const next = number === 0 ? "" : `from . import m${number - 1}\n`;
      const name = number === modules - 1 ? "last" : `m${number}`;
      write(
        `${this.packages}/slow_imports/${name}.py`,
        `${next}import time\ntime.sleep(${each})\n`,
      );
    }
  }

  save(): void {
    this.version += 1;
    const text = this.#program.files[this.#program.edited]!;
    write(
      `${this.dir}/${this.#program.edited}`,
      text.replace("VERSION = 1", `VERSION = ${this.version}`),
    );
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#dir, { recursive: true });
  }
}

function write(path: string, text: string): void {
  ensureDirSync(dirname(path));
  Deno.writeTextFileSync(path, text);
}
