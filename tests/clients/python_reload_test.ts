/** Reload in place in the Python client: its tests are Python, and run on every Python that is on the path. */
import { assertEquals } from "@std/assert";
import { pythonEnvironment } from "../support/python_environment.ts";
import { PYTHON } from "../support/running.ts";

const folder = new URL("reload/", import.meta.url).pathname;

function runs(python: string): boolean {
  try {
    return new Deno.Command(python, { args: ["-c", ""] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function passes(python: string, file: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(python, { args: [folder + file] }).output();
  assertEquals(success, true, `${python} ${file}\n${new TextDecoder().decode(stderr)}`);
}

const others = ["python3.9", "python3.10", "python3.12", "python3.13", "python3.14"];
for (const python of [PYTHON, ...others.filter(runs)]) {
  for (
    const file of [
      "test_in_place.py",
      "test_executed_again.py",
      "test_known_failures.py",
      "test_enums.py",
      "test_named_functions.py",
      "test_through_objects.py",
      "test_as_a_start.py",
      "test_app.py",
    ]
  ) {
    Deno.test(`reload in place: ${file} on ${python}`, () => passes(python, file));
  }
}

const workers = await pythonEnvironment("loky", ["loky", "cloudpickle"]);
Deno.test({
  name: "reload in place: workers of loky that keep the old code are noticed",
  ignore: workers === null,
  fn: () => passes(`${workers}/python3`, "workers.py"),
});
