/**
 * The executable for musl, run for real where that is: on this machine, or below the command that `MUSL` names, which
 * runs the one it is given. It takes musl 1.2.5 and libstdc++, as Alpine 3.20 and Node's images of it have them.
 */
import { makeExecutable } from "../../tools/release/executables.ts";
import { smoke } from "../../tools/release/smoke.ts";
import { TARGETS } from "../../tools/release/targets.ts";

const below = Deno.env.get("MUSL")?.split(" ") ?? [];
const target = TARGETS.find(({ triple }) => triple === `${Deno.build.arch}-unknown-linux-musl`);
const loader = `/lib/ld-musl-${Deno.build.arch}.so.1`;

/** What is missing; null where the executable should run. */
async function missing(): Promise<string | null> {
  if (target === undefined) return "there is no executable for musl and this machine";
  if (!Deno.env.get("BUN")) return "there is no Bun to compile with";
  const [program, ...args] = [...below, loader];
  const [, version = null] = /^Version (\S+)/m.exec(await said(program!, args)) ?? [];
  if (version === null) return "musl is not here, and MUSL names no command that brings it";
  return isOld(version) ? `musl ${version} is older than 1.2.5` : null;
}

/** On standard error; nothing where there is no such program. */
async function said(program: string, args: string[]): Promise<string> {
  try {
    const { stderr } = await new Deno.Command(program, { args, stdout: "null" }).output();
    return new TextDecoder().decode(stderr);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function isOld(version: string): boolean {
  return version.localeCompare("1.2.5", "en", { numeric: true }) < 0;
}

const lack = await missing();
if (lack !== null) console.warn(`SKIPPED: the executable for musl is not run: ${lack}`);

Deno.test({
  name: "the executable for musl runs, and hands over",
  ignore: lack !== null,
  async fn() {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "baton-musl-" }));
    try {
      const { path } = await makeExecutable(target!, folder, "bun");
      await smoke([...below, path]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
