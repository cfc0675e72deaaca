/** `--proxy`: baton's port in front of real programs that take no part. */
import { assertEquals, assertMatch } from "@std/assert";
import { existsSync } from "node:fs";
import { freePort } from "../support/free_port.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { fixture, Stage } from "./fixtures.ts";

interface Told {
  readonly generation: string;
  readonly port: string;
  readonly args: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

async function portOf(baton: Baton): Promise<number> {
  return (await baton.event("proxying")).port;
}

async function ask(port: number, path = "/"): Promise<Told> {
  return await (await fetch(`http://127.0.0.1:${port}${path}`)).json();
}

Deno.test("--proxy: the next version boots beside the one that serves, whose requests come to their end", async () => {
  await using stage = new Stage(fixture("serves_on_port.py", "{port}", "${port}"), {
    args: ["--proxy", "0"],
  });
  const { baton } = stage;
  const port = await portOf(baton);
  const first = await ask(port); // held until somebody serves
  assertEquals([first.generation, first.args], ["1", [first.port, "${port}"]]);
  assertEquals(
    Object.entries(first.headers).filter(([name]) => name.startsWith("X-Forwarded")),
    [
      ["X-Forwarded-For", "127.0.0.1"],
      ["X-Forwarded-Host", `127.0.0.1:${port}`],
      ["X-Forwarded-Proto", "http"],
    ],
  );
  assertEquals(first.headers.host, `127.0.0.1:${port}`);
  await baton.event("armed");

  const slow = ask(port, "/slow");
  stage.touch();
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals([ready.mode, ready.timings.darkMs], ["swapped", 0]);
  const second = await ask(port);
  assertEquals([second.generation, (await slow).generation], ["2", "1"]);
  assertEquals(second.port === first.port, false);
  assertEquals(await baton.stop(), 0);
  Deno.listen({ hostname: "127.0.0.1", port }).close(); // nobody has it
});

Deno.test("--proxy: the next edit does not wait for a request that takes long", async () => {
  await using stage = new Stage(fixture("serves_on_port.py"), {
    args: ["--proxy", "0", "--stop-timeout", "10m"], // longer than any boot, on any machine
  });
  const { baton } = stage;
  const port = await portOf(baton);
  const first = await ask(port);
  await baton.event("armed");
  stage.touch();
  const second = await baton.event("ready", ({ generation }) => generation === 2);
  await waitUntil("the first one is gone", () => isFree(Number(first.port))); // it left no state
  const file = Deno.makeTempFileSync({ prefix: "baton-until-" });
  Deno.removeSync(file);
  try {
    const slow = ask(port, `/until/${file}`);
    await waitUntil("the program was asked", () => existsSync(`${file}.asked`));
    for (const next of [3, 4]) {
      stage.touch();
      const { mode } = await baton.event("ready", ({ generation }) => generation === next);
      assertEquals([mode, (await ask(port)).generation], ["swapped", String(next)]);
    }
    Deno.writeTextFileSync(file, "");
    assertEquals((await slow).generation, String(second.generation));
  } finally {
    for (const each of [file, `${file}.asked`]) if (existsSync(each)) Deno.removeSync(each);
  }
});

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("--proxy: a broken edit costs nothing, and what was held gets a page that says why", async () => {
  using project = new Project({
    "app.sh": 'echo "<b>no</b> $BATON_GENERATION" >&2; exit 3',
  });
  await using baton = new Baton(project, ["sh", "app.sh"], {
    args: ["--proxy", "0", "--hold", "100ms"],
  });
  const port = await portOf(baton);
  await baton.event("ended");
  const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: "text/html" } });
  assertEquals([page.status, page.headers.get("retry-after")], [503, "1"]);
  assertMatch(await page.text(), /&lt;b&gt;no&lt;\/b&gt; 1/);
  const plain = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x" });
  assertMatch(await plain.text(), /Nobody has served for 100 ms\n.*exit status 3[^]*<b>no<\/b> 1/);
  await baton.event("armed");
  const program = fixture("serves_on_port.py").map((word) => `'${word}'`).join(" ");
  project.write("app.sh", `exec ${program}`);
  await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals((await ask(port)).generation, "2");
  project.write("app.sh", "exit 4");
  const failed = await baton.event("candidate-failed");
  assertEquals([failed.live, (await ask(port)).generation], [2, "2"]);
});

Deno.test("--proxy: what leaves a state is handed over in sequence once that is seen, and requests are held", async () => {
  const program = fixture("serves_on_port.py").map((word) => `'${word}'`).join(" ");
  using project = new Project({
    "app.sh": `
      trap 'echo "$BATON_GENERATION" >"$BATON_STATE_OUT.new"
        mv "$BATON_STATE_OUT.new" "$BATON_STATE_OUT"; kill $!; exit' TERM
      echo "resumes $(cat "$BATON_STATE_FILE" 2>/dev/null)"
      ${program} & wait`,
  });
  await using baton = new Baton(project, ["sh", "app.sh"], { args: ["--proxy", "0"] });
  const port = await portOf(baton);
  await baton.event("armed");
  assertEquals((await ask(port)).generation, "1");
  const answers: string[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      // The shell may end its server in the middle of an answer.
      const told = await ask(port).catch(() => null);
      if (told !== null) answers.push(told.generation);
    }
  })();
  project.write("app.sh", `${project.read("app.sh")} # 2`);
  await baton.event("ready", ({ generation }) => generation === 3);
  await baton.prints("resumes 1");
  project.write("app.sh", `${project.read("app.sh")} # 4`);
  const ready = await baton.event("ready", ({ generation }) => generation === 4);
  assertEquals(ready.mode, "sequential");
  await baton.prints("resumes 3");
  await waitUntil("generation 4 answers", () => answers.includes("4"));
  isOver = true;
  await asking;
  assertEquals([...new Set(answers)].filter((each) => each !== "2"), ["1", "3", "4"]);
});

Deno.test("--proxy: what is in the way is told, with the next step", async (test) => {
  using project = new Project();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["a port in use", ["--proxy", `${port}`], RegExp(`in use by process ${Deno.pid}, ".*deno`)],
    ["a mistake", ["--proxy", "unix:a"], /Cannot use "unix:a" for --proxy: expected "PORT"/],
    ["both", ["--proxy", "0", "--listen", "0"], /Cannot use "--listen" beside "--proxy"/],
    ["no port", ["--ready", "http:/healthz"], /Cannot use "http:\/healthz" for --ready/],
  ];
  for (const [name, args, expected] of cases) {
    await test.step(name, async () => {
      await using baton = new Baton(project, ["true"], { args, log: "text" });
      assertEquals(await baton.end(), 2, baton.transcript());
      const said = baton.others.join("\n");
      assertMatch(said, expected);
      assertMatch(said, /Next: \S/);
    });
  }
});

Deno.test("--proxy: a program that listens elsewhere is told of, with where, also in the page", async () => {
  const elsewhere = freePort();
  await using stage = new Stage(
    ["env", "sh", "-c", `PORT=${elsewhere} exec "$@"`, "sh", ...fixture("serves_on_port.py")],
    { args: ["--proxy", "0", "--boot-timeout", "2s", "--hold", "100ms"] },
  );
  const told = await stage.baton.event("warning", ({ what }) => what.includes("which is its own"));
  const where = RegExp(`; it listens on port ${elsewhere} instead`);
  assertMatch(told.what, where);
  const address = `http://127.0.0.1:${await portOf(stage.baton)}/`;
  const page = await (await fetch(address, { headers: { accept: "text/html" } })).text();
  assertMatch(page, where);
  assertMatch(page, /<p>Next: Let it listen on the port that PORT holds/);
});
