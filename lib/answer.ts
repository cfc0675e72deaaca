import { completions } from "./configure/completions/completions.ts";
import type { Invocation } from "./configure/command_line.ts";
import { presentTree } from "./control/present_tree.ts";
import { help } from "./configure/help.ts";
import { init } from "./configure/init.ts";
import { jsonSchema } from "./configure/json_schema.ts";
import { printConfig } from "./configure/print_config.ts";
import { resolveSettings } from "./configure/resolve.ts";
import type { Platform } from "./platform/platform.ts";
import { renderStates } from "./report/states.ts";
import { writeTrace } from "./report/trace.ts";
import { Archive } from "./state/archive.ts";
import { findFolder } from "./state/folder.ts";
import type { Sealer } from "./state/sealer.ts";
import { VERSION } from "./version.ts";

/** What is answered with a text, and starts no program. */
export type Question = Exclude<Invocation, { kind: "run" | "control" }>;
type Line = Extract<Question, { given: unknown }>;

/** The answer to everything but a run; loaded only where one is asked for. */
export async function answer(platform: Platform, question: Question): Promise<string> {
  switch (question.kind) {
    case "help":
      return help(question.about);
    case "version":
      return `baton ${VERSION}`;
    case "schema":
      return JSON.stringify(jsonSchema(), null, 2);
    case "completions":
      return completions(question.shell);
    case "init": {
      const { what, next } = await init(platform);
      return `${what}\n${next}`;
    }
    case "printConfig":
      return printConfig(await resolveSettings(platform, question, { commandNeeded: false }));
    case "state":
      return await listStates(platform, question);
    case "timeline":
      return writeTrace(platform, (await stateFolderOf(platform, question)).dir, question.file);
  }
}

/** Without a `sealer` nothing of baton's is there. */
async function stateFolderOf(
  platform: Platform,
  line: Line,
): Promise<{ dir: string; sealer?: Sealer }> {
  const { settings } = await resolveSettings(platform, line, { commandNeeded: false });
  return findFolder(platform, settings.stateDir) ?? { dir: settings.stateDir };
}

async function listStates(platform: Platform, line: Line): Promise<string> {
  const { dir, sealer } = await stateFolderOf(platform, line);
  const states = sealer === undefined
    ? []
    : new Archive(platform, { dir, sealer, ensure: () => {} }).list();
  const look = { cwd: platform.cwd, now: platform.clock.wallNow() };
  return renderStates(dir, states, { ...look, tree: await presentTree(dir) });
}
