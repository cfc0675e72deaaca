/** Who says hello on a generation's pipe: only its own processes are believed. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";

const elsewhere = new URL("../fixtures/speaks_from_elsewhere.py", import.meta.url).pathname;
const TELLS_ITS_PIPE = `import os\nprint("pipe", os.environ["BATON_PIPE"], flush=True)\n`;

/** Says hello there, as this test's own child; what it was answered. */
async function speakAt(pipe: string): Promise<string> {
  const { stdout } = await new Deno.Command(PYTHON, {
    args: [elsewhere, pipe],
    stdin: "null",
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout);
}

function pipeOf({ stdout }: Baton, generation: number): string | undefined {
  return [...stdout.matchAll(/^pipe (.*)$/gm)].map(([, path]) => path)[generation - 1];
}

const REFUSED = JSON.stringify({
  type: "error",
  message: "Refused: it is not part of this generation, by descent, session or environment",
});

const linuxOnly = { ignore: Deno.build.os !== "linux" };

Deno.test(
  "a process of another tree is refused, told of once, and takes nothing",
  linuxOnly,
  async () => {
    using project = new Project({ "app.py": TELLS_ITS_PIPE + COUNTING });
    await using baton = new Baton(project, [PYTHON, "app.py"]);
    await baton.event("armed");
    await baton.event("ready", ({ announced }) => announced);
    const pipe = pipeOf(baton, 1)!;
    for (let time = 0; time < 2; time++) {
      assertEquals(await speakAt(pipe), `connected\n${REFUSED}\n`);
    }
    const next = pipe.replace(/1\.1$/, "2.2"); // prepared, and nobody is expected there yet
    assertStringIncludes(await speakAt(next), "this generation was not started yet");
    project.replace("app.py", "VERSION = 1", "VERSION = 2");
    await baton.event("ready", ({ generation, announced }) => generation === 2 && announced);
    await waitUntil("the state goes on", () => baton.stdout.includes("version 2 count 1"));
    const told = baton.events.filter(({ type }) => type === "protocol-error");
    assertEquals(told.map(({ generation }) => generation), [1, 2], baton.transcript());
    assertMatch(
      told[0]!.what,
      /^Process \d+ \(".*speaks_from_elsewhere\.py .*"\) of user \d+ was refused/,
    );
  },
);

Deno.test(
  "a process of another tree that comes first takes nobody's place",
  linuxOnly,
  async () => {
    using project = new Project({
      "app.py": `${TELLS_ITS_PIPE}import time
while not os.path.exists("go"): time.sleep(0.01)
${COUNTING}`,
    });
    await using baton = new Baton(project, [PYTHON, "app.py"], { args: ["-w", "app.py"] });
    await baton.event("armed");
    await waitUntil("it runs", () => pipeOf(baton, 1) !== undefined);
    assertEquals(await speakAt(pipeOf(baton, 1)!), `connected\n${REFUSED}\n`);
    project.write("go", "");
    await baton.event("ready", ({ announced }) => announced);
    project.replace("app.py", "VERSION = 1", "VERSION = 2");
    await waitUntil("the state goes on", () => baton.stdout.includes("version 2 count 1"));
  },
);

/** How a program may be run and still be its generation's. */
const OWN: Readonly<Record<string, string>> = {
  "below a shell": `${PYTHON} app.py; true`,
  "in a session of its own": `setsid ${PYTHON} app.py; true`,
  "forked twice, known by its environment": `(setsid ${PYTHON} app.py &); sleep 600`,
  "in an environment without the mark":
    `env -u BATON_RUN -u BATON_GENERATION setsid -w ${PYTHON} app.py; true`,
  "below a daemon with the mark":
    `(setsid sh -c 'env -u BATON_RUN ${PYTHON} app.py; true' &); sleep 600`,
};

for (const [how, script] of Object.entries(OWN)) {
  Deno.test(`a program speaks for its generation: ${how}`, linuxOnly, async () => {
    using project = new Project({ "app.py": COUNTING });
    await using baton = new Baton(project, ["sh", "-c", script]);
    await baton.event("armed");
    await baton.event("ready", ({ announced }) => announced);
    project.replace("app.py", "VERSION = 1", "VERSION = 2");
    await waitUntil("the state goes on", () => baton.stdout.includes("version 2 count 1"));
    assertEquals(baton.count("protocol-error"), 0, baton.transcript());
  });
}
