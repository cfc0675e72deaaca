import { assertEquals, assertThrows } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { findCommand } from "../../../lib/platform/node/find_command.ts";
import { nodeFiles } from "../../../lib/platform/node/files.ts";
import { PlatformError } from "../../../lib/platform/platform.ts";

/** Why a name cannot be run, where these files are in the folder and these commands on PATH. */
function refused(name: string, commands: readonly string[] = ["python3", "node", "sh"]): string {
  const cwd = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-find-" }));
  try {
    ensureDirSync(`${cwd}/bin`);
    for (const command of commands) {
      Deno.writeTextFileSync(`${cwd}/bin/${command}`, "#!/bin/sh\n", { mode: 0o755 });
    }
    for (const file of ["app.py", "app.js", "app.ts", "my app.sh", "notes.txt", "Makefile"]) {
      Deno.writeTextFileSync(`${cwd}/${file}`, "", { mode: 0o644 });
    }
    Deno.writeTextFileSync(`${cwd}/run.sh`, "#!/bin/sh\n", { mode: 0o755 });
    Deno.writeTextFileSync(`${cwd}/bare.py`, "print()\n", { mode: 0o755 });
    const find = () => findCommand(nodeFiles, name, cwd, { PATH: `${cwd}/bin` });
    return assertThrows(find, PlatformError).message.replaceAll(`${cwd}/`, "…");
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
}

Deno.test("of a file that is named in place of a command, the command that was meant is told", () => {
  const cases: readonly [name: string, meant: string][] = [
    ["app.py", "python3 app.py"],
    ["app.js", "node app.js"],
    ["app.ts", "node app.ts"],
    ["my app.sh", 'sh "my app.sh"'],
    ["run.sh", "./run.sh"],
    ["bare.py", "./bare.py"],
  ];
  for (const [name, meant] of cases) {
    assertEquals(
      refused(name),
      `Cannot run "${name}": no such command; did you mean "${meant}"?`,
    );
  }
  assertEquals(
    refused("./app.py"),
    'Cannot run "…app.py": it is not executable; did you mean "python3 ./app.py"?',
  );
  assertEquals(
    refused("./bare.py"),
    'Cannot run "…bare.py": it has no "#!" line; did you mean "python3 ./bare.py"?',
  );
  assertEquals(
    refused("app.ts", ["deno"]),
    'Cannot run "app.ts": no such command; did you mean "deno run -A app.ts"?',
  );
});

Deno.test("where nobody can tell what was meant, nothing is made up", () => {
  for (const name of ["notes.txt", "Makefile", "nothing.py", "pyton"]) {
    assertEquals(refused(name), `Cannot run "${name}": no such command`);
  }
});

Deno.test("of a command that only its third version has, that is told", () => {
  assertEquals(
    refused("python"),
    'Cannot run "python": no such command; did you mean "python3"?',
  );
  assertEquals(refused("python", ["node"]), 'Cannot run "python": no such command');
});
