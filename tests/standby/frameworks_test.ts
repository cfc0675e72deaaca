/** Real frameworks: what runs from standby is what a cold start would have run. */
import { assertEquals } from "@std/assert";
import { type Verified, verify } from "../../lib/standby/verify.ts";
import { platform } from "../support/platform.ts";
import { AS_USERS_HAVE_IT, INJECTED, PYTHON } from "../support/running.ts";
import { freePort } from "../support/free_port.ts";
import { MANAGE_PY, pythonFrameworks } from "../support/python_environment.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Project } from "../e2e/baton.ts";

const BIN = await pythonFrameworks();

interface Program {
  readonly files: Readonly<Record<string, string>>;
  /** The file that is edited: `VERSION = 1` becomes 2. */
  readonly edited: string;
  readonly command: (port: number) => readonly string[];
  /** Whether it answers HTTP with its version. */
  readonly serves: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const FASTAPI = `from fastapi import FastAPI
from pydantic import BaseModel
VERSION = 1
class Item(BaseModel):
    name: str
app = FastAPI()
@app.get("/")
def root() -> str:
    return f"version {VERSION}"
`;

const FLASK = `from flask import Flask
from sqlalchemy import create_engine, select, Integer
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
        return f"version {VERSION} rows {len(session.scalars(select(Row)).all())}"
`;

const DJANGO = {
  "manage.py": MANAGE_PY,
  "site_settings.py": `SECRET_KEY = "x"
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "django.contrib.sessions.middleware.SessionMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
STATIC_URL = "static/"
USE_TZ = True
`,
  "urls.py": `from django.urls import path
import views
urlpatterns = [path("", views.root)]
`,
  "views.py": `from django.http import HttpResponse
VERSION = 1
def root(request):
    return HttpResponse(f"version {VERSION}")
`,
};

const PROGRAMS: Readonly<Record<string, Program>> = {
  "uvicorn and FastAPI": {
    files: { "app.py": FASTAPI },
    edited: "app.py",
    command: (port) => ["uvicorn", "app:app", "--port", `${port}`],
    serves: true,
  },
  "FastAPI with numpy and pandas": {
    files: { "app.py": `import numpy, pandas\n${FASTAPI}` },
    edited: "app.py",
    command: (port) => ["uvicorn", "app:app", "--port", `${port}`],
    serves: true,
  },
  "flask run with SQLAlchemy": {
    files: { "app.py": FLASK },
    edited: "app.py",
    command: (port) => ["flask", "run", "--port", `${port}`],
    serves: true,
  },
  "Django's runserver": {
    files: DJANGO,
    edited: "views.py",
    command: (port) => ["python", "manage.py", "runserver", "--noreload", `${port}`],
    serves: true,
  },
  "gunicorn": {
    files: { "app.py": FLASK },
    edited: "app.py",
    command: (port) => ["gunicorn", "-b", `127.0.0.1:${port}`, "app:app"],
    serves: true,
  },
  "python -m, with requests": {
    files: {
      "tool/__init__.py": "",
      "tool/__main__.py": "VERSION = 1\nimport requests, time\ntime.sleep(600)\n",
    },
    edited: "tool/__main__.py",
    command: () => ["python", "-m", "tool", "a", "b c"],
    serves: false,
  },
  "a script with numpy and pandas": {
    files: { "app.py": "VERSION = 1\nimport numpy, pandas, time\ntime.sleep(600)\n" },
    edited: "app.py",
    command: () => ["python", "-W", "error::DeprecationWarning:__main__", "app.py"],
    serves: false,
  },
};

for (const [name, program] of Object.entries(PROGRAMS)) {
  Deno.test({
    name: `from standby as cold: ${name}`,
    ignore: BIN === null,
    fn: async () => {
      const { differences, over, modules } = await run(program);
      assertEquals(differences, []);
      assertEquals([over, modules > 100], [null, true]);
    },
  });
}

Deno.test("what a program sees from standby alone is told", async () => {
  const counts = `import json, os, sys, time
VERSION = 1
with open("runs", "a+") as file:
    file.write("x")
    if file.tell() == 2: sys.path.append("/else"); os.environ["ELSE"] = "1"
time.sleep(600)
`;
  const { differences } = await run({
    files: { "app.py": counts },
    edited: "app.py",
    command: () => [PYTHON, "app.py"],
    serves: false,
  });
  assertEquals(differences, [
    "/sizes/sys.path: 6 is 7",
    '/path: without ; with "/else"',
    '/environment/ELSE: undefined is "1"',
    '/environment\'s order: without ; with "ELSE"',
  ]);
});

/** Null while nobody listens there: where the machine is busy a program that is quiet may still be starting. */
async function answerOf(port: number): Promise<string | null> {
  try {
    return await (await fetch(`http://127.0.0.1:${port}/`)).text();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

async function run({ files, edited, command, serves, env = {} }: Program): Promise<Verified> {
  using project = new Project(files);
  const folder = Deno.makeTempDirSync({ prefix: "baton-standby-" });
  const port = freePort();
  const [first, ...args] = command(port);
  let isSaved = false;
  try {
    return await verify(platform(), {
      launch: {
        command: [first === PYTHON ? PYTHON : `${BIN}/${first}`, ...args],
        cwd: project.dir,
        stdin: "null",
        env: {
          PATH: `${BIN}:${Deno.env.get("PATH")}`,
          HOME: project.dir,
          LANG: "C.UTF-8",
          ...AS_USERS_HAVE_IT,
          PYTHONPATH: INJECTED,
          BATON_GENERATION: "2",
          ...env,
        },
      },
      folder,
      own: false,
      watched: { roots: [project.dir], covers: () => true },
      changed: [edited],
      save() {
        isSaved = true;
        project.swap(edited, project.read(edited).replace("VERSION = 1", "VERSION = 2"));
      },
      async look() {
        if (!serves) return;
        const text = await waitUntil("an answer", () => answerOf(port), { withinMs: 60_000 });
        assertEquals(text.includes(`version ${isSaved ? 2 : 1}`), true, text);
      },
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
