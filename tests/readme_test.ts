/** The examples of the README, run as they stand there. */
import { assert, assertEquals } from "@std/assert";
import { Baton, Project } from "./e2e/baton.ts";
import { PYTHON } from "./support/running.ts";

const root = new URL("../", import.meta.url).pathname;
const readme = Deno.readTextFileSync(`${root}README.md`);

/** A command in the text, and the first block of code after it, which begins with the file's name. */
const EXAMPLE = /`baton -- ([^`]+)`\n\n```\w+\n((?:#|\/\/) (\S+)\n[^]*?)```/g;
const examples = [...readme.matchAll(EXAMPLE)]
  .map(([, command, text, file]) => ({ command: command!, text: text!, file: file! }));

/** On this machine a program may have another name. */
function installed(word: string): string {
  if (word === "deno") return Deno.execPath();
  return word === "python3" ? PYTHON : word;
}

Deno.test("the README has an example each for TypeScript, Python and shell", () => {
  assertEquals(examples.map(({ file }) => file), ["app.ts", "app.py", "app.sh"]);
});

for (const { command, file, text } of examples) {
  Deno.test(`the README's ${file} goes on counting`, async () => {
    using project = new Project({ [file]: text.replace("./mod.ts", `${root}mod.ts`) });
    await using baton = new Baton(project, command.split(" ").map(installed));
    await baton.event("armed");
    await baton.prints("tick 1");
    project.replace(file, /tick(?=[ "])/g, "tock");
    await baton.event("ready", ({ generation }) => generation === 2);
    await baton.line(/^tock \d+$/m);
    await baton.stop();
    const counts = baton.stdout.trimEnd().split("\n").map((line) => Number(line.split(" ")[1]));
    assertEquals(counts, counts.map((_, at) => at + 1));
  });
}

Deno.test("the README's command for Node writes a client that Node imports", () => {
  const [, flags, entry] = /`deno bundle (-o baton\.mjs) (\S+)`/.exec(readme)!;
  const folder = Deno.makeTempDirSync();
  const run = (program: string, args: string[]) => {
    const command = new Deno.Command(program, { args, cwd: folder, stdout: "piped" });
    return new TextDecoder().decode(command.outputSync().stdout);
  };
  try {
    run(Deno.execPath(), ["bundle", "--quiet", ...flags!.split(" "), root + entry]);
    const code = 'import("./baton.mjs").then(({ join }) => console.log(typeof join))';
    assertEquals(run("node", ["-e", code]), "function\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("what the README links to is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
  assert(links.length > 5);
  for (const path of links) Deno.statSync(root + path);
});
