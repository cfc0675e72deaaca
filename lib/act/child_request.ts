import type { EnvironmentMark, Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { ChildRequest } from "./child.ts";
import { commandOf } from "./command.ts";
import type { HeldSockets } from "./held_sockets.ts";
import { type EnvironmentOf, environmentOf } from "./environment.ts";

/** How a generation is started: its command, with the mark and the environment that are its own. */
export function childRequest(
  { processes, terminal }: Pick<Platform, "processes" | "terminal">,
  settings: Settings,
  mark: EnvironmentMark,
  environment: EnvironmentOf,
  isAlone: boolean,
  sockets: HeldSockets,
): ChildRequest {
  const { cwd, interactive } = settings;
  const { generation, inherited } = environment;
  const isFile = (name: string) => processes.hasFile(name, cwd, inherited);
  return {
    command: sockets.fill(commandOf(settings, generation, isFile)),
    cwd,
    mark: { ...mark, BATON_GENERATION: String(generation) },
    // In the background it would take what is typed to the shell.
    stdin: interactive || !terminal.isForeground() ? "null" : "inherit",
    tellsListening: isAlone && settings.handoff === "auto",
    env: sockets.environment(environmentOf(environment)),
    sockets: sockets.descriptors,
  };
}
