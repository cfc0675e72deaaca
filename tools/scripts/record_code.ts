import { CODE } from "./load.ts";

/**
 * Has the executable `recorder` (`record.js` of `bundleScripts`) start a program twice, and write what V8 made of the
 * scripts in the second start to their `folder`: in the first a project's folders are made, which is done once. Throws
 * where it fails.
 */
export async function recordCode(recorder: string, folder: string): Promise<void> {
  const [command, CODE_FOLDER] = [await Deno.realPath(recorder), await Deno.realPath(folder)];
  const home = await Deno.makeTempDir({ prefix: "baton-record-" });
  const env = { HOME: home, TMPDIR: home, PATH: Deno.env.get("PATH") ?? "", CODE_FOLDER };
  const project = `${home}/project`;
  await Deno.mkdir(project);
  await Deno.writeTextFile(`${project}/main.sh`, "");
  try {
    for (let start = 1; start <= 2; start++) {
      const { success, stderr } = await new Deno.Command(command, {
        args: ["--exit", "--", "sh", "main.sh"],
        cwd: project,
        env,
        clearEnv: true,
        stdin: "null",
      }).output();
      if (!success) {
        throw new Error(`Baton does not start as scripts: ${new TextDecoder().decode(stderr)}`);
      }
    }
    const { size } = await Deno.stat(`${folder}/start.script${CODE}`);
    if (size === 0) throw new Error("V8 has made nothing of what each start loads");
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
