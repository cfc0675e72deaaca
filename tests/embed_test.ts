import { assertEquals } from "@std/assert";
import { type Item, supervise } from "../mod.ts";
import { Project } from "./e2e/baton.ts";
import { COUNTING, edit } from "./e2e/programs.ts";
import { PYTHON } from "./support/running.ts";
import { waitUntil } from "./support/wait_until.ts";

Deno.test("another tool runs a program under baton, and is told what happens", async () => {
  using project = new Project({ "app.py": COUNTING });
  const events: Item[] = [];
  const run = await supervise({
    command: [PYTHON, "app.py"],
    cwd: project.dir,
    onEvent: (event) => events.push(event),
  });
  try {
    await waitUntil("it is watched", () => events.some(({ type }) => type === "armed"));
    await waitUntil(
      "it takes part",
      () => events.some((event) => event.type === "ready" && event.announced),
    );
    project.write("app.py", edit("VERSION = 2"));
    const ready = await waitUntil(
      "it is handed over",
      () => events.find((event) => event.type === "ready" && event.generation === 2),
    );
    assertEquals(ready.type === "ready" && [ready.mode, ready.changed], ["overlapped", ["app.py"]]);
  } finally {
    run.stop("the test");
    assertEquals(await run.ended, 0);
  }
  const [state] = run.states().states;
  assertEquals(state?.found === "good" && state.envelope.generation, 2);
});

Deno.test("who only takes part loads nothing else: mod.ts depends on the client alone", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-config", "mod.ts"],
    cwd: new URL("../", import.meta.url).pathname,
  }).output();
  const { modules, roots } = JSON.parse(new TextDecoder().decode(stdout));
  const root = roots[0].slice(0, -"mod.ts".length);
  // Types are listed too; they are gone when the program runs.
  const code = (specifier: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(specifier)) return seen;
    seen.add(specifier);
    const module = modules.find((one: { specifier: string }) => one.specifier === specifier);
    for (const { code: target, type } of module?.dependencies ?? []) {
      if (target?.specifier && type === undefined) code(target.specifier, seen);
    }
    return seen;
  };
  const rooms = [...code(roots[0])].map((specifier) => specifier.slice(root.length));
  const light =
    /^(mod|lib\/(embed|errors|version|client\/.*|platform\/(\w+_)?client_host|protocol\/lines))\.ts$/;
  const others = rooms.filter((path) => !light.test(path));
  assertEquals(others, []);
});
