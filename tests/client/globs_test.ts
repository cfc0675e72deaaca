/** The same cases as `tests/clients/python_globs_test.ts` runs in Python: one syntax for all clients. */
import { assertEquals } from "@std/assert";
import { globPattern } from "../../lib/client/globs.ts";
import { GLOBS } from "../support/globs.ts";

for (const [glob, named, others] of GLOBS) {
  Deno.test(`the glob ${glob} names what it does in .gitignore`, () => {
    const pattern = globPattern(glob);
    assertEquals(named.filter((path) => !pattern.test(path)), []);
    assertEquals(others.filter((path) => pattern.test(path)), []);
  });
}
