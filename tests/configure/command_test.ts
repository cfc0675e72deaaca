import { assertEquals } from "@std/assert";
import * as z from "zod";
import { zod } from "../../lib/configure/zod.ts";
import { command, hasShellSyntax } from "../../lib/configure/command.ts";

Deno.test("only a command that needs a shell keeps its blanks", () => {
  const decode = (written: string | string[]) => z.decode(command.schema(zod), written as never);
  assertEquals(decode(" python  -m app "), ["python", "-m", "app"]);
  assertEquals(decode(["python", "a b.py"]), ["python", "a b.py"]);
  for (
    const text of ["a && b", "a | b", "PORT=1 a", "echo $X", "a 'b c'", "ls *.py", "a > b", "~/x"]
  ) {
    assertEquals(hasShellSyntax(text), true, text);
    assertEquals(decode(text), [text]);
  }
  for (const text of ["a --port=1", "./x.sh", "uvicorn app:app", "deno run -A npm:x@1"]) {
    assertEquals(hasShellSyntax(text), false, text);
  }
});
