import { assertEquals } from "@std/assert";
import { environmentOf } from "../../lib/act/environment.ts";
import { VERSION } from "../../lib/version.ts";

const OF = {
  inherited: { HOME: "/home", BATON_CHANGED: "of an outer baton" },
  generation: 1,
  startedAt: 1_700_000_000_000.5,
  pipe: "/tmp/pipe",
  stateFile: "/state/in",
  stateOut: "/state/out",
  changed: [],
  injections: [],
};

Deno.test("the first generation is told of no change", () => {
  assertEquals(environmentOf(OF), {
    HOME: "/home",
    BATON_VERSION: VERSION,
    BATON_GENERATION: "1",
    BATON_STARTED: "1700000000000",
    BATON_PIPE: "/tmp/pipe",
    BATON_STATE_FILE: "/state/in",
    BATON_STATE_OUT: "/state/out",
  });
});

Deno.test("the next ones are told what changed, a path a line", () => {
  const env = environmentOf({ ...OF, generation: 2, changed: ["a.py", "b\n.py", "b c.py"] });
  assertEquals(env.BATON_CHANGED, "a.py\nb c.py");
});

Deno.test("the folder of an injected client comes before those that are there", () => {
  const injections = [
    { variable: "PYTHONPATH", item: "/state/python", separator: ":" },
    { variable: "NODE_OPTIONS", item: '--require="/a b.cjs"', separator: " " },
  ] as const;
  assertEquals(environmentOf({ ...OF, injections }).PYTHONPATH, "/state/python");
  const inherited = { PYTHONPATH: "/own" };
  assertEquals(environmentOf({ ...OF, inherited, injections }).PYTHONPATH, "/state/python:/own");
  const options = { NODE_OPTIONS: "--no-warnings" };
  assertEquals(
    environmentOf({ ...OF, inherited: options, injections }).NODE_OPTIONS,
    '--require="/a b.cjs" --no-warnings',
  );
});
