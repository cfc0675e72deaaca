/** Root's baton, and a program that goes on as another user, as entrypoints of images have it. */
import { assertEquals } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { Baton, Project } from "./baton.ts";

const NOBODY = "65534";
const AS_NOBODY = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
const isRoot = Deno.uid() === 0;
if (!isRoot) {
  console.error("Programs that change their user are not tested: only root can start one");
}

const SHELL = `
trap 'echo "kept $BATON_GENERATION" >"$BATON_STATE_OUT.new" && mv "$BATON_STATE_OUT.new" "$BATON_STATE_OUT"; exit' TERM
echo "version 1 as $(id -u) with $(cat "$BATON_STATE_FILE" 2>/dev/null)"
while :; do sleep 0.1; done
`;

const PYTHON_PROGRAM = `
import os, baton
app = baton.join()
state = app.restore({"n": 0})
state["n"] += 1
app.on_save(lambda: state)
print("version 1 as", os.getuid(), "count", state["n"], flush=True)
app.ready()
app.wait()
`;

/** In a folder that the other user can pass through. */
function project(files: Record<string, string>): Project {
  const made = new Project(files);
  Deno.chmodSync(made.dir, 0o755);
  return made;
}

/** A Python that the other user can run; null where there is none. */
function pythonOfAll(): string | null {
  const found = [PYTHON, "/usr/bin/python3"].find((python) =>
    new Deno.Command(AS_NOBODY[0]!, { args: [...AS_NOBODY.slice(1), python, "-c", ""], cwd: "/" })
      .outputSync().success
  );
  if (found === undefined) console.error("Skipped: no Python that another user can run");
  return found ?? null;
}

/** With a shell between, and without; started again, the baton gives the state to the same user. */
for (const below of [AS_NOBODY, ["sh", "-c", '"$0" "$@"; exit $?', ...AS_NOBODY]]) {
  Deno.test(`level 1: a program that ${below[0]} makes another user's keeps its state`, {
    ignore: !isRoot,
  }, async () => {
    using folder = project({ "app.sh": SHELL });
    {
      await using baton = new Baton(folder, [...below, "sh", "app.sh"]);
      await baton.up();
      await baton.prints(`version 1 as ${NOBODY} with `);
      folder.replace("app.sh", "version 1", "version 2");
      await baton.prints(`version 2 as ${NOBODY} with kept 1`);
      assertEquals(await baton.stop("SIGTERM"), 0, baton.transcript());
    }
    await using again = new Baton(folder, [...below, "sh", "app.sh"]);
    await again.prints(`version 2 as ${NOBODY} with kept 2`);
  });
}

Deno.test(
  "level 2: a program that became another user's finds the client, the pipe and its state",
  {
    ignore: !isRoot,
  },
  async () => {
    const python = pythonOfAll();
    if (python === null) return;
    using folder = project({ "app.py": PYTHON_PROGRAM });
    await using baton = new Baton(folder, [...AS_NOBODY, python, "app.py"]);
    await baton.up();
    await baton.prints(`version 1 as ${NOBODY} count 1`);
    folder.replace("app.py", "version 1", "version 2");
    await baton.prints(`version 2 as ${NOBODY} count 2`);
    folder.replace("app.py", "version 2", "version 3");
    await baton.prints(`version 3 as ${NOBODY} count 3`);
  },
);

Deno.test("a name of another user's file in the place that was given is no state", {
  ignore: !isRoot,
}, async () => {
  const script = `
    trap 'ln "$SECRET" "$BATON_STATE_OUT"; exit' TERM
    echo "version 1 with $(cat "$BATON_STATE_FILE" 2>/dev/null)"
    while :; do sleep 0.1; done`;
  using folder = project({ "app.sh": script, "secret": "root's" });
  Deno.chmodSync(folder.path("secret"), 0o600);
  // Where the system itself forbids such a name, the program leaves none.
  await using baton = new Baton(folder, [...AS_NOBODY, "sh", "app.sh"], {
    env: { SECRET: folder.path("secret") },
  });
  await baton.up();
  await baton.prints("version 1 with ");
  folder.replace("app.sh", "version 1", "version 2");
  await baton.prints("version 2 with ");
});
