import { CODE } from "./load.ts";

/** Asks for a baton that is not there; then starts a program twice, as a project's folders are made the first time. */
const RUNS = [["status"], ["--exit", "--", "sh", "main.sh"], ["--exit", "--", "sh", "main.sh"]];

/**
 * Has the executable `recorder` (`record.js` of `bundleScripts`) do what is done most, and write what V8 made of the
 * scripts meanwhile to their `folder`: what the last run that loaded a script has made. Throws where it fails.
 */
export async function recordCode(recorder: string, folder: string): Promise<void> {
  const [command, CODE_FOLDER] = [await Deno.realPath(recorder), await Deno.realPath(folder)];
  const home = await Deno.makeTempDir({ prefix: "baton-record-" });
  const project = `${home}/project`;
  await Deno.mkdir(project);
  await Deno.writeTextFile(`${project}/main.sh`, "");
  try {
    for (const args of RUNS) {
      const { success, stderr } = await new Deno.Command(command, {
        args,
        cwd: project,
        env: { HOME: home, TMPDIR: home, PATH: Deno.env.get("PATH") ?? "", CODE_FOLDER },
        clearEnv: true,
        stdin: "null",
      }).output();
      if (!success && args[0] !== "status") {
        throw new Error(`Baton does not start as scripts: ${new TextDecoder().decode(stderr)}`);
      }
    }
    const { size } = await Deno.stat(`${folder}/start.script${CODE}`);
    if (size === 0) throw new Error("V8 has made nothing of what each start loads");
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
