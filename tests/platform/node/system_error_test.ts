import { assertEquals } from "@std/assert";
import { systemError } from "../../../lib/platform/node/system_error.ts";

const SAID: readonly (readonly [unknown, string])[] = [
  [
    Object.assign(new Error("ESRCH: no such process, open '/proc/1/environ'"), { code: "ESRCH" }),
    "ESRCH",
  ],
  [new Error("No such process (os error 3)"), "ESRCH"],
  [new Error('No space left on device (os error 28) about ["/a"]'), "ENOSPC"],
  [new Error("Too many open files (os error 24)"), "EMFILE"],
  [new Deno.errors.NotFound("No such file or directory (os error 2)"), "ENOENT"],
  [new Error("something else"), "UNKNOWN"],
];

Deno.test("what a runtime throws has the system's code, whichever way it is said", () => {
  for (const [error, code] of SAID) assertEquals(systemError(error, "read it").code, code);
});

Deno.test("of what a runtime throws, the reason is told", () => {
  const said = [
    ["ENOSPC: no space left on device, write", "no space left on device"],
    ["ENOENT: no such file or directory, open '/a, b'", "no such file or directory"],
    ["No such file or directory (os error 2): readfile '/a'", "no such file or directory"],
    ["Something else, as it were", "something else, as it were"],
  ] as const;
  for (const [text, reason] of said) {
    assertEquals(systemError(new Error(text), "do it").message, `Cannot do it: ${reason}`);
  }
});
