import type { EnvironmentMark, Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { ChildRequest } from "./child.ts";
import { commandOf } from "./command.ts";
import type { HeldSockets } from "./held_sockets.ts";
import { type EnvironmentOf, environmentOf, preloadOf } from "./environment.ts";

/**
 * How a generation is started: its command, with the mark, the environment and (behind a proxy) the port that are
 * its own.
 */
export function childRequest(
  { processes, terminal }: Pick<Platform, "processes" | "terminal">,
  settings: Settings,
  mark: EnvironmentMark,
  environment: EnvironmentOf,
  isAlone: boolean,
  sockets: HeldSockets,
  port: number | null,
): ChildRequest {
  const { cwd, interactive } = settings;
  const { generation, inherited } = environment;
  const isFile = (name: string) => processes.hasFile(name, cwd, inherited);
  return {
    command: withPort(sockets.fill(commandOf(settings, generation, isFile)), port),
    cwd,
    mark: { ...mark, BATON_GENERATION: String(generation) },
    // In the background it would take what is typed to the shell.
    stdin: interactive || !terminal.isForeground() ? "null" : "inherit",
    tellsListening: isAlone && settings.handoff === "auto",
    env: {
      ...sockets.environment(environmentOf(environment)),
      ...port === null ? {} : { ...colors(terminal, inherited), PORT: String(port) },
    },
    readsStderr: port !== null,
    preload: preloadOf(environment.injections),
    lacksClients: environment.injections.length === 0,
    sockets: sockets.descriptors,
  };
}

/** What is read on its way to the terminal looks as if it were not (https://force-color.org). */
function colors(
  { stderrIsTerminal }: Platform["terminal"],
  inherited: EnvironmentOf["inherited"],
): Record<string, string> {
  const isSaid = inherited.NO_COLOR !== undefined || inherited.FORCE_COLOR !== undefined;
  return stderrIsTerminal && !isSaid ? { FORCE_COLOR: "1" } : {};
}

/** With `{port}` filled in, where it has one of its own. */
function withPort(command: readonly string[], port: number | null): readonly string[] {
  if (port === null) return command;
  return command.map((word) => word.replace(/(?<!\$)\{port\}/g, String(port)));
}
