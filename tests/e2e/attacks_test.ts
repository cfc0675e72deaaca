/** What somebody else has prepared, met by a real baton with real programs. Each attack once worked. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { BATON, Baton, Project } from "./baton.ts";

const NOBODY = 65_534;
const isRoot = Deno.uid() === 0;
if (!isRoot) console.error("Attacks by another user are skipped: only root can play two users");

function run(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  assert(success, new TextDecoder().decode(stderr));
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** A project as somebody's clone of what is in `project`, in a folder with documents of theirs. */
class Clone implements Disposable {
  readonly home = new Project({ "resume-2024.pdf": "mine", ".bashrc": "mine", "out-1": "mine" });
  readonly project: Project;
  readonly env = { XDG_STATE_HOME: `${this.home.dir}.state` };

  constructor(prepare: (attacker: Project) => void) {
    using attacker = new Project({ "app.py": 'print("hello")\n' });
    prepare(attacker);
    const git = ["-C", attacker.dir, "-c", "user.name=a", "-c", "user.email=a@b"];
    run("git", "-C", attacker.dir, "init", "-q");
    run("git", ...git, "add", "-f", ".");
    run("git", ...git, "commit", "-qm", "attack");
    run("git", "clone", "-q", attacker.dir, this.home.path("clone"));
    const dir = this.home.path("clone");
    this.project = Object.assign(Object.create(Project.prototype), { dir });
  }

  [Symbol.dispose](): void {
    this.home[Symbol.dispose]();
    Deno.removeSync(this.env.XDG_STATE_HOME, { recursive: true });
  }
}

/** Counts the generations that its state went through. */
const LEVEL_1 = `
count=$(cat "$BATON_STATE_FILE" 2>/dev/null || echo 0)
trap 'echo $((count + 1)) >"$BATON_STATE_OUT.new"; mv "$BATON_STATE_OUT.new" "$BATON_STATE_OUT"; exit' TERM
echo "count $count"
while :; do sleep 0.05; done
`;

const python = (...args: string[]) => [PYTHON, ...args];

Deno.test("a clone whose .baton is, or has, a link leads to no file of the user's", async () => {
  for (
    const [link, target] of [[".baton", ".."], [".baton/good", "../.."], [
      ".baton/generations",
      "../..",
    ]] as const
  ) {
    using clone = new Clone((attacker) => {
      if (link !== ".baton") Deno.mkdirSync(attacker.path(".baton"));
      Deno.symlinkSync(target, attacker.path(link));
    });
    const before = names(clone.home.dir);
    await using baton = new Baton(clone.project, python("app.py"), {
      args: ["--exit"],
      env: clone.env,
    });
    assertEquals(await baton.end(), 0, baton.transcript());
    const { why, next } = await baton.event("fallback");
    assertMatch(why, link === ".baton" ? /is a link$/ : /this user's baton did not make it here/);
    assertMatch(next, /--state-dir/);
    assertEquals(names(clone.home.dir), before);
    assertEquals(clone.home.read("resume-2024.pdf"), "mine");
  }
});

Deno.test("a clone that brings the record of a run gets no process of the user's killed", async () => {
  const mark = crypto.randomUUID();
  const victim = new Deno.Command("sleep", { args: ["60"], env: { VICTIM: mark } }).spawn();
  try {
    using clone = new Clone((attacker) => {
      const record = {
        pid: 1,
        startTime: null,
        startedAt: 0,
        command: ["x"],
        mark: { VICTIM: mark },
        generations: [{ generation: 1, pid: victim.pid, startTime: null }],
      };
      attacker.write(".baton/run-1.json", JSON.stringify(record));
    });
    await using baton = new Baton(clone.project, python("app.py"), {
      args: ["--exit"],
      env: clone.env,
    });
    assertEquals(await baton.end(), 0, baton.transcript());
    assertEquals(Deno.readTextFileSync(`/proc/${victim.pid}/comm`).trim(), "sleep");
  } finally {
    victim.kill("SIGKILL");
    await victim.status;
  }
});

Deno.test("a clone that brings Python modules, or a state, gets neither run nor read", async () => {
  using clone = new Clone((attacker) => {
    const owned = 'print("owned")\n';
    for (const name of ["usercustomize.py", "json.py", "baton.py", "sitecustomize.py"]) {
      attacker.write(`.baton/python/${name}`, owned);
      attacker.write(`.baton/python/inject/${name}`, owned);
    }
    attacker.write(".baton/good/000001.state", "forged");
    attacker.write(".baton/generations/1/resume", "forged");
    attacker.write(
      "app.py",
      'import json, os\nprint("state", os.path.exists(os.environ["BATON_STATE_FILE"]))\n',
    );
  });
  await using baton = new Baton(clone.project, python("app.py"), {
    args: ["--exit", "--max-age", "6000m"],
    env: clone.env,
  });
  assertEquals(await baton.end(), 0, baton.transcript());
  assertEquals(baton.stdout, "state False\n");
});

Deno.test("a state folder with somebody's files keeps them all, whatever they are called", async () => {
  using project = new Project({ "app.py": 'print("hello")\n' });
  using state = new Project();
  const files = ["resume-2024.pdf", "timeout-30.log", "layout-7/deep/x", "good/notes.txt", "out-1"];
  for (const name of files) project.write(`var/${name}`, name);
  await using baton = new Baton(
    project,
    ["sh", "-c", 'echo 1 >"$BATON_STATE_OUT"'],
    { args: ["--exit", "--state-dir", "var"], env: { XDG_STATE_HOME: state.dir } },
  );
  assertEquals(await baton.end(), 0, baton.transcript());
  for (const name of files) assertEquals(project.read(`var/${name}`), name);
  assertEquals(names(project.path("var")), ["good", "layout-7", "out-1", ...files.slice(0, 2)]);
});

Deno.test("what another user prepared in a folder that all may write to is left alone by root", {
  ignore: !isRoot,
}, async () => {
  using project = new Project({ "app.py": 'print("hello")\n' });
  Deno.chmodSync(project.dir, 0o777);
  const mine = project.path("documents");
  Deno.mkdirSync(mine, { mode: 0o700 });
  for (const name of ["out-1", "resume-1"]) Deno.writeTextFileSync(`${mine}/${name}`, "root's");
  const asNobody = ["--reuid", `${NOBODY}`, "--regid", `${NOBODY}`, "--clear-groups"];
  const prepare =
    `umask 0; mkdir -p .baton/bad && ln -s ${mine} .baton/good && mkfifo .baton/run-1.json`;
  run("setpriv", ...asNobody, "sh", "-c", `cd ${project.dir} && ${prepare}`);
  using state = new Project();
  const env = { XDG_STATE_HOME: state.dir };
  await using baton = new Baton(project, python("app.py"), { args: ["--exit"], env });
  assertEquals(await baton.end(), 0, baton.transcript());
  assertMatch((await baton.event("fallback")).why, /belongs to another user|other users can write/);
  assertEquals(names(mine), ["out-1", "resume-1"]);
});

Deno.test("after one run as root a user's baton says whose the folder is, and runs", {
  ignore: !isRoot,
}, async () => {
  using project = new Project({ "app.txt": "one\n" });
  {
    await using root = new Baton(project, ["true"], { args: ["--exit"] });
    assertEquals(await root.end(), 0);
  }
  using home = new Project();
  for (const { dir } of [project, home]) Deno.chownSync(dir, NOBODY, NOBODY);
  Deno.chmodSync(project.dir, 0o755);
  const below = ["setpriv", "--reuid", `${NOBODY}`, "--regid", `${NOBODY}`, "--clear-groups"];
  const reachable = new Deno.Command(below[0]!, {
    args: [...below.slice(1), BATON[0]!, "--version"],
    env: { HOME: home.dir },
  }).outputSync();
  if (!reachable.success) {
    console.error(`Skipped: another user cannot run "${BATON[0]}"`);
    return;
  }
  const env = { HOME: home.dir, DENO_DIR: home.path("deno"), DENO_NO_UPDATE_CHECK: "1" };
  await using baton = new Baton(project, ["cat", "app.txt"], { env, below });
  assertMatch((await baton.event("fallback")).why, /belongs to root/);
  await baton.event("armed");
  await baton.prints("one");
  project.write("app.txt", "two\n");
  await baton.prints("two");
  assertEquals(await baton.stop("SIGTERM"), 0, baton.transcript());
});

Deno.test("a state folder that is made unreadable while it runs costs no state", {
  ignore: !isRoot,
}, async () => {
  using project = new Project({ "app.sh": LEVEL_1 });
  using home = new Project();
  for (const { dir } of [project, home]) Deno.chownSync(dir, NOBODY, NOBODY);
  Deno.chmodSync(project.dir, 0o755);
  const below = ["setpriv", "--reuid", `${NOBODY}`, "--regid", `${NOBODY}`, "--clear-groups"];
  const env = { HOME: home.dir, DENO_DIR: home.path("deno"), DENO_NO_UPDATE_CHECK: "1" };
  await using baton = new Baton(project, ["sh", "app.sh"], { env, below });
  await baton.up();
  let generation = 1;
  for (const folder of ["", "/generations", "/generations/2"]) {
    await baton.prints(`count ${generation - 1}`);
    Deno.chmodSync(project.path(`.baton${folder}`), 0o000);
    project.write("app.sh", `${LEVEL_1}# ${++generation}\n`);
  }
  await baton.prints(`count ${generation - 1}`);
});

Deno.test("baton leaves nothing in the temporary folder, where the next run would read what others have put there", async () => {
  using project = new Project({ "app.py": 'print("hello")\n' });
  using temporary = new Project();
  await using baton = new Baton(project, python("app.py"), {
    args: ["--exit"],
    env: { TMPDIR: temporary.dir },
  });
  assertEquals(await baton.end(), 0, baton.transcript());
  assertEquals(names(temporary.dir), []);
});

Deno.test("a checkout that brings a link or a folder in place of .baton, while baton runs, costs nobody a file", async () => {
  for (const kind of ["link", "folder"] as const) {
    using home = new Project({ "good/000001.state": "mine", "generations/2/letter": "mine" });
    using project = new Project({
      "app.py": 'import time\nprint("runs 1", flush=True)\ntime.sleep(60)\n',
    });
    await using baton = new Baton(project, python("app.py"));
    await baton.up();
    using away = new Project();
    Deno.renameSync(project.path(".baton"), away.path(".baton"));
    if (kind === "link") Deno.symlinkSync(home.dir, project.path(".baton"));
    else run("cp", "-r", home.dir, project.path(".baton"));
    const owned = 'print("owned", flush=True)\n';
    project.write(".baton/python/baton.py", owned);
    project.write(".baton/python/inject/sitecustomize.py", owned);
    project.replace("app.py", "runs 1", "runs 2");
    await baton.prints("runs 2");
    await baton.event("warning", ({ what }) => /Cannot use ".+" any more/i.test(what));
    assertEquals(await baton.stop(), 0, baton.transcript());
    assert(!baton.stdout.includes("owned"), baton.stdout);
    const theirs = kind === "link" ? home.dir : project.path(".baton");
    assertEquals(names(theirs), ["generations", "good", "python"]);
    for (const name of ["good/000001.state", "generations/2/letter"]) {
      assertEquals(Deno.readTextFileSync(`${theirs}/${name}`), "mine");
    }
  }
});

Deno.test("what a clone's configuration says controls no terminal, however it is shown", async () => {
  const nasty = "x\\u001b]0;owned\\u0007\\u009b31m";
  const config = `{"command": ["true", "${nasty}"], "stateDir": "${nasty}", "exit": true}`;
  using project = new Project({ "baton.json": config });
  const [program, ...args] = BATON;
  for (const more of [["--print-config"], ["state"], [], ["--log", "json"], ["timeline"]]) {
    const { stdout, stderr } = await new Deno.Command(program!, {
      args: [...args, ...more],
      cwd: project.dir,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    // deno-lint-ignore no-control-regex
    assert(!/[\x1b\x07\x7f-\x9f]/.test(text), `${more}: ${JSON.stringify(text)}`);
  }
});

Deno.test("in a folder whose path no runtime can tell baton says so in one message", async () => {
  using project = new Project();
  const [program, ...args] = BATON;
  const { code, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      'd="$(printf "bad\\377")" && mkdir "$d" && cd "$d" && exec "$@"',
      "sh",
      program!,
      ...args,
      "true",
    ],
    cwd: project.dir,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stderr);
  if (!text.startsWith("baton: ")) {
    return console.error(`Skipped: the runtime itself ends there: ${text}`);
  }
  assertMatch(text, /^baton: Cannot tell which folder this is: .+\n {7}Next: .+\n$/);
  assertEquals(code, 2);
});
