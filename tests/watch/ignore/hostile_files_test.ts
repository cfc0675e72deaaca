import { assertEquals } from "@std/assert";
import { inProject, type Project } from "../support/project.ts";

/** Whether changes are still seen; what was told meanwhile. */
async function noticesWith(
  prepare: (project: Project) => void,
  settings: { ignore?: string[] } = {},
): Promise<string[]> {
  let notices: string[] = [];
  await inProject(async (project) => {
    project.write("a.txt", "1");
    prepare(project);
    await project.start(settings);
    for (const text of ["2", "3"]) {
      project.write("a.txt", text);
      await project.said("a.txt");
      await project.cookie();
    }
    notices = project.notices.map((what) => what.replaceAll(project.folder, ""));
  });
  return notices;
}

function make(command: string, ...args: string[]): void {
  const { success } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
}

const HOSTILE: Record<string, [(project: Project, path: string) => void, string[]]> = {
  "a long line": [(project) => project.write(".gitignore", "a*".repeat(10_000) + "b*\n"), []],
  "a pattern that backtracks": [
    (project) => project.write(".gitignore", "*a".repeat(200) + "*b\n" + "**/".repeat(5_000) + "b"),
    [],
  ],
  "a folder": [(project) => Deno.mkdirSync(project.path(".gitignore")), []],
  "what is no text": [
    (project) =>
      Deno.writeFileSync(project.path(".gitignore"), new Uint8Array(70_000).map((_, at) => at)),
    [],
  ],
  "a pipe": [
    (_, path) => make("mkfifo", path),
    ['Cannot use "/.gitignore": it is a pipe or a device'],
  ],
  "a device": [
    (_, path) => Deno.symlinkSync("/dev/zero", path),
    ['Cannot use "/.gitignore": it is a pipe or a device'],
  ],
  "a huge file": [
    (project) => project.write(".gitignore", "b.txt\n".repeat(1_000_000)),
    ['Cannot read "/.gitignore": larger than 1048576 bytes'],
  ],
  "thousands of wildcards": [
    (project) => project.write(".gitignore", "[ab]*a*b*c\n".repeat(10_000)),
    ['Left out line 1143 of "/.gitignore" and what follows'],
  ],
};

for (const [what, [prepare, notices]] of Object.entries(HOSTILE)) {
  Deno.test(`changes are seen beside an ignore file that is ${what}`, async () => {
    const told = await noticesWith((project) => prepare(project, project.path(".gitignore")));
    assertEquals(told, notices);
  });
}

Deno.test("changes are seen where patterns of the command line backtrack, or are broken", async () => {
  const ignore = ["*a".repeat(200) + "*b", "[", "\\", "a*".repeat(10_000), "!".repeat(10_000)];
  assertEquals(await noticesWith(() => {}, { ignore }), []);
});

Deno.test("changes are seen beside a .git that is a pipe, or a file without end", async () => {
  assertEquals(await noticesWith((project) => make("mkfifo", project.path(".git"))), []);
  assertEquals(
    await noticesWith((project) => Deno.symlinkSync("/dev/zero", project.path(".git"))),
    [],
  );
  assertEquals(
    await noticesWith((project) => make("truncate", "-s", "3G", project.path(".git"))),
    [],
  );
});
