import { assertEquals } from "@std/assert";
import { commandOf } from "../../lib/act/command.ts";

const isNoFile = () => false;
const restartArgs = ["--restart", "it's"];

Deno.test("a command is executed as it is; only what a shell must read goes to a shell", () => {
  const cases: [command: string[], executed: string[]][] = [
    [["python", "app.py"], ["python", "app.py"]],
    [["./server.sh"], ["./server.sh"]],
    [["echo", "a | b"], ["echo", "a | b"]],
    [["python app.py"], ["/bin/sh", "-c", "python app.py"]],
    [["make|tee log"], ["/bin/sh", "-c", "make|tee log"]],
  ];
  for (const [command, executed] of cases) {
    assertEquals(commandOf({ command, restartArgs: [] }, 1, isNoFile), executed);
  }
});

Deno.test("restartArgs come from generation 2 on, quoted where a shell reads them", () => {
  const plain = { command: ["app"], restartArgs };
  assertEquals(commandOf(plain, 1, isNoFile), ["app"]);
  assertEquals(commandOf(plain, 2, isNoFile), ["app", "--restart", "it's"]);
  const shell = { command: ["app | cat"], restartArgs };
  assertEquals(commandOf(shell, 2, isNoFile).at(-1), `app | cat '--restart' 'it'\\''s'`);
});

Deno.test("one word that names a file is a program, whatever it is called", () => {
  const isFile = (name: string) => name === "./my app" || name === "/opt/My (x86)/run";
  for (const only of ["./my app", "/opt/My (x86)/run"]) {
    assertEquals(commandOf({ command: [only], restartArgs }, 2, isFile), [only, ...restartArgs]);
  }
  assertEquals(commandOf({ command: ["./my app one"], restartArgs }, 1, isFile)[0], "/bin/sh");
});
