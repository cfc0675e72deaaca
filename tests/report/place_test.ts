import { assertEquals } from "@std/assert";
import { placeIn } from "../../lib/report/place.ts";

const FILES = ["/p/app.py", "/p/lib/a.py", "/p/main.ts", "/p/src/main.rs", "/p/main.go"];

function place(...lines: string[]) {
  return placeIn(lines, "/p", (path) => FILES.includes(path));
}

Deno.test("the deepest call in the project is where it failed", () => {
  assertEquals(
    place(
      "Traceback (most recent call last):",
      '  File "/p/app.py", line 3, in <module>',
      '  File "/p/lib/a.py", line 7, in f',
      '  File "/usr/lib/python3/json/__init__.py", line 1, in loads',
      "ValueError: no",
    ),
    { file: "lib/a.py", line: 7 },
  );
  assertEquals(
    place(
      "error: Uncaught (in promise) Error: no",
      "    at inner (file:///usr/lib/x.ts:1:1)",
      "    at main (file:///p/main.ts:12:7)",
      "    at file:///p/main.ts:20:1",
    ),
    { file: "main.ts", line: 12 },
  );
});

Deno.test("what does not parse or compile is found as well", () => {
  assertEquals(place('  File "app.py", line 5', "SyntaxError: invalid syntax"), {
    file: "app.py",
    line: 5,
  });
  assertEquals(place("/p/main.ts:2", "const a = ;", "          ^"), { file: "main.ts", line: 2 });
  assertEquals(place("error[E0425]: cannot find", "  --> src/main.rs:4:5"), {
    file: "src/main.rs",
    line: 4,
  });
  assertEquals(place("./main.go:9:2: undefined: x"), { file: "main.go", line: 9 });
});

Deno.test("what is not of the project, or not there, is no place", () => {
  assertEquals(place('  File "/usr/lib/a.py", line 1', "at 10:20:30", "http://x:80"), null);
  assertEquals(place('  File "/p/gone.py", line 1'), null);
  assertEquals(place('  File "/p/.venv/lib/a.py", line 1'), null);
  assertEquals(place(), null);
});

Deno.test("colors do not hide it", () => {
  assertEquals(
    place(
      '  File \x1b[35m"/p/app.py"\x1b[0m, line \x1b[35m3\x1b[0m, in \x1b[35mf\x1b[0m',
      "\x1b[1;35mValueError\x1b[0m: no",
    ),
    { file: "app.py", line: 3 },
  );
  assertEquals(
    place("    at \x1b[0m\x1b[36mfile:///p/main.ts\x1b[0m:\x1b[33m12\x1b[0m:\x1b[33m7\x1b[0m"),
    { file: "main.ts", line: 12 },
  );
});
