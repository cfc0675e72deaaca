import { assert, assertEquals } from "@std/assert";
import { findBun } from "../../tools/bun.ts";

const bun = await findBun();

Deno.test(
  "what Bun compiles runs nothing that a project brings",
  { ignore: bun === null },
  async () => {
    const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
    const { command } = tasks["compile:bun"];
    const options = command.split(" ").filter((word: string) => word.startsWith("--no-compile-"));
    const folder = await Deno.makeTempDir({ prefix: "baton-compile-bun-" });
    try {
      await Deno.writeTextFile(
        `${folder}/app.ts`,
        "console.log(process.env.PLANTED ?? 'nothing');",
      );
      const build = [
        "build",
        "--compile",
        ...options,
        `${folder}/app.ts`,
        "--outfile",
        `${folder}/app`,
      ];
      assert((await new Deno.Command(bun!, { args: build, stdout: "null" }).output()).success);
      const project = `${folder}/project`;
      await Deno.mkdir(project);
      await Deno.writeTextFile(`${project}/bunfig.toml`, 'preload = ["./preload.ts"]\n');
      await Deno.writeTextFile(`${project}/preload.ts`, "process.env.PLANTED = 'a preload';");
      await Deno.writeTextFile(`${project}/.env`, "PLANTED=a variable\n");
      const { stdout } = await new Deno.Command(`${folder}/app`, { cwd: project }).output();
      assertEquals(new TextDecoder().decode(stdout), "nothing\n");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
