/** The same cases as the tests of the other clients run: one syntax for all clients. */
import { assertEquals } from "@std/assert";
import { globPattern } from "../../lib/client/globs.ts";
import GLOBS from "../support/globs.json" with { type: "json" };

for (const { glob, names, other } of GLOBS) {
  Deno.test(`the glob ${glob} names what it does in .gitignore`, () => {
    const pattern = globPattern(glob);
    assertEquals(names.filter((path) => !pattern.test(path)), []);
    assertEquals(other.filter((path) => pattern.test(path)), []);
  });
}
