/** Programs of the three levels, in several languages, restart on a save; those that can keep their state. */
import { assert, assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";

const DENO = Deno.execPath();

/** A program without any part in it, in several languages: prints its version, then waits. */
const SILENT: Readonly<Record<string, { file: string; text: string; command: string[] }>> = {
  Python: {
    file: "app.py",
    text: 'import time\nprint("version 1", flush=True)\ntime.sleep(600)\n',
    command: [PYTHON, "app.py"],
  },
  shell: {
    file: "app.sh",
    text: '#!/bin/sh\necho "version 1"\nwhile :; do sleep 1; done\n',
    command: ["sh", "app.sh"],
  },
  Node: {
    file: "app.cjs",
    text: 'console.log("version 1"); setInterval(() => {}, 1000);\n',
    command: ["node", "app.cjs"],
  },
  Deno: {
    file: "app.ts",
    text: 'console.log("version 1"); setInterval(() => {}, 1000);\n',
    command: [DENO, "run", "app.ts"],
  },
};

for (const [language, { file, text, command }] of Object.entries(SILENT)) {
  Deno.test(`level 0, ${language}: a save starts the new version`, async () => {
    using project = new Project({ [file]: text });
    await using baton = new Baton(project, command);
    await baton.up();
    await waitUntil("version 1 prints", () => baton.stdout.includes("version 1"));
    project.replace(file, "version 1", "version 2");
    const ready = await baton.event("ready", (event) => event.generation === 2);
    assertEquals(ready.changed, [file]);
    await waitUntil("version 2 prints", () => baton.stdout.includes("version 2"));
    assertEquals(await baton.stop(), 0);
  });
}

const DEAF = `import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])
`;

Deno.test("below a parent that ignores SIGCHLD, a program's end is learned, and it has the signal again", async () => {
  using project = new Project({
    "app.sh": 'grep SigIgn /proc/self/status\ntrap "exit 7" TERM\nwhile :; do sleep 0.05; done\n',
  });
  const options = { below: [PYTHON, "-c", DEAF] };
  await using baton = new Baton(project, ["sh", "app.sh"], options);
  await baton.up();
  await baton.line(/^SigIgn:\s*[0-9a-f]+[02468ace][0-9a-f]{4}$/m);
  project.write("app.sh", "exit 3\n");
  const { status } = await baton.event("ended");
  assertEquals(status, { kind: "exited", code: 3 }, baton.transcript());
  project.write("app.sh", "sleep 600\n");
  await baton.event("ready", ({ generation }) => generation === 3);
  assertEquals(await baton.stop(), 0, baton.transcript());
});

Deno.test("level 1, shell: a signal and a file carry the state", async () => {
  using project = new Project({
    "app.sh": [
      "count=0",
      '[ -f "$BATON_STATE_FILE" ] && count=$(cat "$BATON_STATE_FILE")',
      'trap \'echo $((count + 1)) >"$BATON_STATE_OUT.new"; mv "$BATON_STATE_OUT.new" "$BATON_STATE_OUT"; exit 0\' TERM',
      'echo "generation $BATON_GENERATION counts $count"',
      "while :; do sleep 0.05; done",
    ].join("\n"),
  });
  await using baton = new Baton(project, ["sh", "app.sh"]);
  await baton.up();
  for (const generation of [2, 3, 4]) {
    await waitUntil(
      "it prints",
      () => baton.stdout.includes(`generation ${generation - 1} counts`),
    );
    project.write("app.sh", `${project.read("app.sh")}\n# ${generation}`);
    await baton.event("ready", (event) => event.generation === generation);
    const line = `generation ${generation} counts ${generation - 1}`;
    await waitUntil(line, () => baton.stdout.includes(line));
  }
});

Deno.test("a command with shell syntax runs under a shell, and its whole tree goes", async () => {
  // No other sleeps for so long.
  const [one, other] = [`${Deno.pid}600`, `${Deno.pid}601`];
  using project = new Project({ "app.sh": `echo up; sleep ${one} & sleep ${other}\n` });
  await using baton = new Baton(project, ["sh app.sh | cat"]);
  await baton.up();
  await waitUntil("it prints", () => baton.stdout.includes("up"));
  project.write("app.sh", "echo again; sleep 602\n");
  await baton.event("ready", (event) => event.generation === 2);
  const table = new TextDecoder().decode(
    new Deno.Command("ps", { args: ["-eo", "args"] }).outputSync().stdout,
  );
  assert(!table.includes(`sleep ${one}`) && !table.includes(`sleep ${other}`), table);
});

for (const name of ["my app", "My (x86) $app"]) {
  Deno.test(`a program of one word that a shell would take apart: ${name}`, async () => {
    using project = new Project({ [name]: '#!/bin/sh\necho "runs as $0"; exec sleep 600\n' });
    Deno.chmodSync(project.path(name), 0o755);
    await using baton = new Baton(project, [`./${name}`]);
    await baton.prints(`runs as ${project.path(name)}`);
  });
}
