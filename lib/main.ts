import { resolve } from "@std/path";
import { type Invocation, parseCommandLine } from "./configure/command_line.ts";
import { resolveSettings } from "./configure/resolve.ts";
import { watchConfig } from "./configure/watch_config.ts";
import { BatonError, EXIT } from "./errors.ts";
import { listenToKeys } from "./keys.ts";
import type { Cancel, Platform } from "./platform/platform.ts";
import { withoutControl } from "./report/control.ts";
import type { Item } from "./report/item.ts";
import { openReporter, renderError } from "./report/report.ts";
import { type Run, run } from "./run.ts";
import type { Settings } from "./settings.ts";

/** Of a Ctrl-C, `deno task` and `bun run` pass on what the terminal has sent already. */
const SAME_SIGNAL_MS = 200;

type Line = Extract<Invocation, { given: unknown }>;

/** Does what the command line asks for; resolves with the exit status. */
export async function main(platform: Platform): Promise<number> {
  try {
    return await invoke(platform, await parseCommandLine(platform.args));
  } catch (error) {
    platform.terminal.writeErr(renderError(platform, error));
    return error instanceof BatonError ? error.status : EXIT.internal;
  }
}

async function invoke(platform: Platform, invocation: Invocation): Promise<number> {
  if (invocation.kind === "run") return await supervise(platform, invocation);
  if (invocation.kind === "control") {
    const { control } = await import("./control/command.ts");
    const { command, args, given } = invocation;
    const { caller } = await import("./platform/caller.ts");
    return await control(await caller(), command, args, given.stateDir ?? null);
  }
  const { answer } = await import("./answer.ts");
  const text = await answer(platform, invocation);
  platform.terminal.writeOut(withoutControl(text.endsWith("\n") ? text : `${text}\n`));
  return EXIT.stopped;
}

async function supervise(platform: Platform, line: Line): Promise<number> {
  const { settings, file, notices } = await resolveSettings(platform, line);
  if (settings.interactive && !platform.terminal.stdinIsTerminal) {
    throw new BatonError({
      what: "Cannot read keys: standard input is not a terminal",
      where: '"--interactive"',
      next: "Leave it out here, or run baton in a terminal",
    });
  }
  if (platform.env().BATON_STANDBY === "verify") {
    const { verifyStandby } = await import("./verify.ts");
    return await verifyStandby(platform, settings);
  }
  // For good: beyond the limit on the sizes of files ("ulimit -f") a write is to fail, not to end baton.
  platform.onSignal("SIGXFSZ", () => {});
  const reporter = openReporter(platform, settings);
  for (const what of notices) reporter.log({ type: "warning", what });
  const faulted = Promise.withResolvers<never>();
  let running: Run | null = null;
  const early: string[] = [];
  const stop = (by: string) => running === null ? void early.push(by) : running.stop(by);
  const restoreModes = platform.terminal.keepModes();
  let unwatchConfig = () => Promise.resolve();
  const log = (item: Item) => {
    // What is said next is for a terminal as baton found it; with `interactive` its modes are baton's own.
    if (item.type === "ended" && !settings.interactive) restoreModes();
    reporter.log(item);
    if (item.type === "armed" && file !== null) {
      unwatchConfig = watchConfigFile(platform, file, log);
    }
  };
  const undo = [
    restoreModes,
    platform.onFault(faulted.reject),
    ...onSignals(platform, settings.restartSignal, stop, () => running),
  ];
  try {
    running = await run(platform, settings, log);
    early.forEach(running.stop);
    if (settings.interactive) undo.push(listenToKeys(platform, running, reporter));
    return await Promise.race([running.ended, faulted.promise]);
  } catch (error) {
    running?.abandon();
    if (!(error instanceof BatonError)) throw error;
    const { what, where, next, status } = error;
    reporter.log({ type: "error", what, where, next });
    return status;
  } finally {
    for (const one of undo.reverse()) one();
    await unwatchConfig();
  }
}

function watchConfigFile(
  platform: Platform,
  { name, text }: { readonly name: string; readonly text: string },
  log: (item: Item) => void,
): () => Promise<void> {
  return watchConfig(platform, resolve(platform.cwd, name), text, () =>
    log({
      type: "warning",
      what: `"${name}" changed, and baton goes on with the settings it was started with`,
      next: "Start baton anew for those that are in it now",
    }));
}

/** What would end baton and leave the program behind. */
const ENDS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Signals, until cancelled: from before the program is started, so that none leaves it behind. */
function onSignals(
  platform: Platform,
  restartSignal: Settings["restartSignal"],
  stop: (by: string) => void,
  running: () => Run | null,
): Cancel[] {
  let heardAt = -Infinity;
  const stopOnce = (signal: string) => {
    const now = platform.clock.now();
    if (now - heardAt < SAME_SIGNAL_MS) return;
    heardAt = now;
    stop(signal);
  };
  const ends = ENDS.map((signal) =>
    platform.onSignal(
      signal,
      () => signal === `SIG${restartSignal}` ? running()?.restart() : stopOnce(signal),
    )
  );
  const passed = (["SIGWINCH", "SIGCONT"] as const)
    .map((signal) => platform.onSignal(signal, () => running()?.passOn(signal)));
  const suspended = platform.onSignal("SIGTSTP", () => {
    running()?.passOn("SIGSTOP");
    platform.processes.kill(platform.processes.self, "SIGSTOP");
  });
  return [...ends, ...passed, suspended];
}
