/** The web programs of the pages, each with its real framework: edited once, it goes on counting. */
import { assertEquals } from "@std/assert";
import { packClient } from "../tools/release/npm_client.ts";
import { examples, isServer } from "./docs_examples.ts";
import { Baton, Project } from "./e2e/baton.ts";
import { freePort } from "./support/free_port.ts";
import { pythonEnvironment } from "./support/python_environment.ts";
import { waitUntil } from "./support/wait_until.ts";

const BIN = await pythonEnvironment("examples", ["uvicorn", "fastapi", "flask"]);

/** Installs what the program imports; whether that could be done, which is said where it could not. */
async function install(project: Project): Promise<boolean> {
  await packClient(project.dir);
  const [client] = [...Deno.readDirSync(project.dir)].filter(({ name }) => name.endsWith(".tgz"));
  const { success } = await new Deno.Command("npm", {
    args: ["install", "--silent", "--no-audit", "--no-fund", "express", `./${client!.name}`],
    cwd: project.dir,
  }).output();
  if (!success) console.error("SKIPPED: express cannot be installed from npm here");
  return success;
}

interface Answer {
  readonly version: number;
  readonly count: number;
}

for (const { page, file, text, command } of examples.filter(isServer)) {
  Deno.test({
    name: `${page}: ${file} goes on counting`,
    ignore: file.endsWith(".py") && BIN === null,
    async fn() {
      const port = String(freePort());
      using project = new Project({ [file]: text.replace("8000", port) });
      if (file.endsWith(".mjs") && !await install(project)) return;
      const ask = async (): Promise<Answer> =>
        await (await fetch(`http://127.0.0.1:${port}/`)).json();
      await using baton = new Baton(project, command.replace("8000", port).split(" "), {
        env: { PATH: `${BIN}:${Deno.env.get("PATH")}` },
      });
      await baton.event("armed");
      const serves = (version: number) =>
        waitUntil(`version ${version} answers`, async (saw) => {
          const answer = saw(await ask().catch(() => null));
          return answer?.version === version && answer;
        }, { withinMs: 60_000 });
      const { count } = await serves(1);
      assertEquals(await ask(), { version: 1, count: count + 1 });
      project.replace(file, /(version["']?: )1/, "$12");
      const seen = await serves(2);
      assertEquals(seen.count > count + 1, true, JSON.stringify(seen));
      await baton.stop();
    },
  });
}
