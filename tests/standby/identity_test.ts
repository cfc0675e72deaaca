import { assertEquals } from "@std/assert";
import { type Identity, identityOf, isSame, unfitness } from "../../lib/standby/identity.ts";
import { runsOneProgram } from "../../lib/standby/shell_line.ts";
import { outdatedBy } from "../../lib/standby/outdated.ts";

const python = { pid: 7, hasReaped: false, children: 0, executable: "/usr/bin/python3.11" };
const ALONE: Identity = {
  pid: 7,
  executable: "/usr/bin/python3",
  cwd: "/project",
  command: ["python3", "app.py"],
  lineage: [python],
  streams: ["/dev/null", "pipe:[1]", "pipe:[2]"],
  hasWritten: false,
  oddities: [],
};
const PLACE = {
  leader: 7,
  stdout: "pipe:[1]",
  program: "/usr/bin/python3",
  commandOf: (_pid: number): readonly string[] => [],
  script: null as string | null,
};

function why(
  change: Partial<Identity>,
  place: Partial<typeof PLACE> = {},
): string | null {
  return unfitness({ ...ALONE, ...change }, { ...PLACE, ...place });
}

Deno.test("who may have another wait in its place", () => {
  assertEquals(why({}), null);
  assertEquals(why({ oddities: ["it is traced"] }), "it is traced");
  assertEquals(why({}, { leader: 6 }), "it is in a session of its own");
  assertEquals(why({ hasWritten: true }), "something was written before it began");
  assertEquals(why({ streams: ["/dev/null", "/out.txt", "pipe:[2]"] }), "its output is redirected");
  const streams = [...ALONE.streams, "/project/log.txt"];
  assertEquals(why({ streams }), "its output is redirected");
});

Deno.test("what runs before the interpreter, or beside it", () => {
  const beside = "another command runs before it, or beside it";
  assertEquals(why({ lineage: [{ ...python, hasReaped: true }] }), beside);
  assertEquals(why({ lineage: [{ ...python, children: 2 }] }), beside);
  assertEquals(why({ lineage: [{ ...python, children: 1 }] }), "another command runs beside it");
  const npm = { pid: 6, hasReaped: false, children: 1, executable: "/usr/bin/node" };
  assertEquals(
    why({ lineage: [python, npm] }, { leader: 6 }),
    '"/usr/bin/node" runs it, which may do more',
  );
  const uv = { ...npm, executable: "/bin/uv", hasReaped: true };
  assertEquals(why({ lineage: [python, uv] }, { leader: 6, program: "uv" }), null);
  const shell = { ...npm, executable: "/usr/bin/dash" };
  const below = { lineage: [python, shell] };
  assertEquals(why(below, { leader: 6 }), '"/usr/bin/dash" runs it, which may do more');
  const commandOf = () => ["sh", "-c", "python app.py"];
  assertEquals(why(below, { leader: 6, commandOf }), null);
  const shim = { program: "/home/me/.pyenv/shims/python" };
  assertEquals(why({ hasWritten: true, lineage: [{ ...python, hasReaped: true }] }, shim), null);
});

Deno.test("a package manager runs it, and a script that does nothing else", () => {
  const node = "/usr/bin/node";
  const lineage = [7, 8, 9].map((pid) => ({ ...python, pid, executable: node, children: 1 }));
  lineage[0]!.children = 0;
  lineage[1]!.executable = "/usr/bin/dash";
  const commands: Record<number, readonly string[]> = {
    8: ["sh", "-c", "node app.js"],
    9: ["npm run dev"],
  };
  const commandOf = (pid: number) => commands[pid]!;
  const place = { leader: 9, commandOf, script: "node app.js" };
  assertEquals(why({ lineage }, place), null);
  const wrapped = { ...place, commandOf: () => [node, "/p/node_modules/.bin/cross-env", "A=1"] };
  assertEquals(why({ lineage: [lineage[0]!, lineage[2]!] }, wrapped), null);
  const withoutShell = { lineage: [lineage[0]!, lineage[2]!] };
  assertEquals(why(withoutShell, place), null);
  for (const script of ["tsc && node app.js", null]) {
    assertEquals(why(withoutShell, { ...place, script }), "its script may do more");
  }
  const other = { ...place, commandOf: () => [node, "/usr/bin/tool"] };
  assertEquals(why(withoutShell, other), `"${node}" runs it, which may do more`);
  const built = lineage.map((one, index) => ({ ...one, hasReaped: index === 1 }));
  assertEquals(why({ lineage: built }, place), "another command runs before it, or beside it");
});

Deno.test("another process is told from the same one", () => {
  assertEquals(isSame(ALONE, { ...ALONE, pid: 8, lineage: [{ ...python, pid: 8 }] }), true);
  const others: Partial<Identity>[] = [
    { cwd: "/" },
    { command: ["python3", "-m", "app"] },
    { executable: "/usr/bin/python3.12" },
    { lineage: [python, python] },
  ];
  for (const other of others) assertEquals(isSame(ALONE, { ...ALONE, ...other }), false);
});

Deno.test("what a hook says is read, or refused", () => {
  const fields = ["7", "/p", "/", "p\x1fapp.py", "7,0,0,/p,q", "a\x1fb\x1fc", "", ""];
  assertEquals(identityOf(fields)?.lineage, [
    { pid: 7, hasReaped: false, children: 0, executable: "/p,q" },
  ]);
  assertEquals([identityOf(fields.slice(1)), identityOf(["x", ...fields.slice(1)])], [null, null]);
});

Deno.test("what is read before a program begins makes what is parked outdated", () => {
  const executable = "/usr/bin/python3.11";
  const given = ["python", "app.py"];
  const [cwd, place] = ["/project", "/project"];
  const of = { cwd, place, command: ["./run.sh", "app.py"], leaf: given, executable };
  for (
    const path of [
      ".env",
      "sub/.env.local",
      "pyproject.toml",
      "run.sh",
      "a/x.so",
      "sitecustomize.py",
    ]
  ) {
    assertEquals(outdatedBy(["ok.py", path], of), path);
  }
  assertEquals(outdatedBy(["app.py", "templates/a.html", "environment.py"], of), null);
  const leaf = ["node", "--env-file=config/dev.vars", "app.js"];
  const node = { cwd, place, command: leaf, leaf, executable: "/usr/bin/node" };
  for (const path of ["config/dev.vars", "yarn.lock", "node.config.json", ".nvmrc", "b.node"]) {
    assertEquals(outdatedBy(["app.js", path], node), path);
  }
  assertEquals(outdatedBy(["app.js", "dev.vars", "node.js"], node), null);
  const script = { ...of, command: ["./app.py"], leaf: ["python3", "/project/app.py"] };
  assertEquals(outdatedBy(["app.py"], script), null);
  assertEquals(outdatedBy(["app.py"], { ...script, executable: "/usr/bin/node" }), null);
  assertEquals(outdatedBy(["app.py"], { ...script, executable: "/usr/bin/ruby3.1" }), "app.py");
  const apart = ["node", "--env-file", "dev.vars", "--import=./first.mjs", "app.js"];
  const below = {
    ...node,
    place: "/project/api",
    command: ["sh", "-c", "cd api && …"],
    leaf: apart,
  };
  for (const path of ["api/dev.vars", "api/first.mjs"]) {
    assertEquals(outdatedBy(["api/app.js", path], below), path);
  }
  assertEquals(outdatedBy(["dev.vars", "first.mjs", "api/app.js"], below), null);
});

Deno.test("what a shell is told is one program, or more", () => {
  const runs = (line: string) => runsOneProgram(["/bin/sh", "-c", line]);
  const one = [
    "python app.py",
    "exec python app.py",
    "cd api && A=1 exec python -m app --port=8000",
    "cd a && cd b && python3 app.py",
    " A= B=2 ./run ",
    "A=b/c.d python app.py a=b",
    `python "a b" 'c $d'`,
    ...["'cross-env' A=1 node app.js", '"node" app.js', "A=1 exec 'node' app.js"],
  ];
  const more = [
    ...["python app.py; true", "ls && python app.py", "python app.py > out", "python `x`", "A=1"],
    ...[
      "'eval' python app.py",
      '"source" run.sh',
      "'my tool' app.js",
      "'node\" app.js",
      "'node' a; b",
    ],
    ...["python $X", "(python app.py)", "python app.py &", "a\npython b", "python *.py", ""],
    ...[". ./run.sh", "source run.sh", "eval python app.py", "cd a; python b", 'python "$b"'],
  ];
  assertEquals(one.filter((line) => !runs(line)), []);
  assertEquals(more.filter(runs), []);
  assertEquals(runsOneProgram(["sh", "-c", "python app.py", "x"]), false);
  assertEquals(runsOneProgram(["python", "-c", "python app.py"]), false);
});
