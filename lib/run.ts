/**
 * # Theory of operation
 *
 * The wiring: locks the folder, ends what a baton that died left running, finds the state to resume from,
 * starts the program, and only then loads what nobody can ask for before, and arms the watch; what changed in
 * between is found by comparing.
 */
import { readEnvFiles, toleratedEnvFiles } from "./act/env_files.ts";
import { holdSockets } from "./act/hold_sockets.ts";
import { StaticFiles } from "./act/static_files.ts";
import { Supervisor } from "./act/supervise.ts";
import { CLIENTS_DIGEST } from "./client/injected_clients.ts";
import { clientsFor, layOutClients } from "./client/injections.ts";
import type { HoldInfo, Released, Rewound, Status, Verdict } from "./control/answers.ts";
import { EXIT, type Explanation } from "./errors.ts";
import type { Platform, TerminalSignal } from "./platform/platform.ts";
import type { Proxy } from "./proxy/proxy.ts";
import type { Item } from "./report/item.ts";
import { openTimeline } from "./report/timeline.ts";
import { once } from "./once.ts";
import type { Settings } from "./settings.ts";
import { explained, inWords } from "./explain.ts";
import type { Reading } from "./state/envelope.ts";
import { openProxy } from "./run/open_proxy.ts";
import { explanationOf } from "./run/explanation.ts";
import { findState } from "./run/find_state.ts";
import { LateControl } from "./run/late_control.ts";
import { takeFolder } from "./run/take_folder.ts";
import { sayWatchedTwice } from "./run/watched_twice.ts";
import { watchedSettings } from "./run/watched_settings.ts";
import { sharedFolder } from "./state/folder.ts";
import { loadMessages } from "./protocol/channel.ts";
import { openStore } from "./state/store.ts";
import { TemporaryFolder } from "./state/temporary.ts";
import { VERSION } from "./version.ts";
import { Watch } from "./watch/watch.ts";

/** A program under baton. */
export interface Run {
  /** Resolves with the exit status once nothing is left of the program. */
  readonly ended: Promise<number>;
  /** Hands over to a new generation without a change. */
  restart(): void;
  /** Ends the program through its hook; a second call ends it at once. */
  stop(by: string): void;
  /** Whether `pause` holds. */
  readonly isPaused: boolean;
  /** Changes are noted, and acted on after `resume`. */
  pause(): void;
  /** Acts on what has changed meanwhile, and on changes to come. */
  resume(): void;
  /** Passes a signal of the terminal on to the program. */
  passOn(signal: TerminalSignal): void;
  /** Sends the stop signal to what takes no part, as baton is about to end; the others lose the pipe. */
  abandon(): void;
  /** What runs, and whether from the files as they are. */
  status(): Status;
  /** What became of the files as they are now: resolves once that is known, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<Verdict>;
  /**
   * Changes are noted and nothing is started until `release`, or for `forMs` (null: no limit). Resolves once what was
   * under way is over. Several nest by their names.
   */
  hold(name: string, forMs: number | null): Promise<HoldInfo>;
  /**
   * Ends a hold; after the last all that has changed since is one change. With `waitMs` it resolves once it is known
   * what became of that. Throws `BatonError` where there is no hold of this name.
   */
  release(name: string, waitMs: number | null): Promise<Released>;
  /**
   * Hands over to a new generation with an earlier state: the `back`-th that is kept, the newest being 1; or (null) the
   * one that was saved under the files as they are, where it is offered, or else the last that a good version saved.
   * With `files` they go back as well. Throws `BatonError`, before anything is done, where that cannot be.
   */
  rewind(back: number | null, options?: { readonly files?: boolean }): Promise<Rewound>;
  /** The last lines that baton told, and the program wrote to standard error where that is no terminal. */
  logs(lines: number): string[];
  /** The state folder, what is kept in it, newest first, and which tree the files are; null before all were read. */
  states(): {
    readonly dir: string;
    readonly states: readonly Reading[];
    readonly tree: string | null;
  };
}

/**
 * Starts the program and watches its files. Throws `BatonError` where it cannot begin: a watched path is
 * missing, or another baton holds the folder.
 */
export async function run(
  platform: Platform,
  settings: Settings,
  report: (item: Item) => void,
): Promise<Run> {
  const { files, processes } = platform;
  const { command, cwd } = settings;
  readEnvFiles(files, settings);
  const watch: Watch = new Watch(platform, watchedSettings(platform, settings), (event) => {
    if (event.type === "changed") control.opened?.rewinding.changed();
    if (event.type === "armed") loadMessages(); // Unless the program has connected before.
    if (event.type === "armed" || event.type === "notice") log(event);
    const rest = staticFiles.split(event);
    if (rest !== null) supervisor.onWatchEvent(rest);
    control.stir();
  }, (options) => supervisor.processes(options));
  const staticFiles = new StaticFiles(settings, (paths) => proxy?.noteAssets(paths));
  const store = openStore(platform, { ...settings, dir: settings.stateDir });
  const mark = { BATON_RUN: platform.randomId() };
  const timeline = openTimeline(platform, store, report);
  const control = new LateControl(platform, cwd);
  let proxy: Proxy | null = null;
  const log = (item: Item) => {
    timeline.note(item);
    report(item);
    control.note(item);
    proxy?.note(item);
  };
  const logTrouble = ({ what, where, next }: Explanation) =>
    log({ type: "warning", what, where, next });
  const logError = (type: "error" | "warning", action: string, error: unknown) => {
    const { what, where, next } = explanationOf(action, error);
    log({ type, what, where, next });
  };
  const record = await takeFolder(platform, settings, store, mark, log);
  const sockets = await holdSockets(platform, settings).catch((error) => {
    record.release();
    throw error;
  });
  proxy = await openProxy(platform, settings, {
    actions: {
      restart: () => supervisor.restart(),
      pause: () => control.opened?.pause(),
      resume: () => control.opened?.resume(),
    },
    states: () => store.list(),
    warn: (what) => log({ type: "warning", what }),
  }).catch((error) => {
    sockets.close();
    record.release();
    throw error;
  });
  const pipeFolder = explained(NO_PIPES, TMPDIR, () => new TemporaryFolder(platform));
  record.temporary(pipeFolder.left);
  log({ type: "hello", version: VERSION, pid: processes.self, command, cwd, stateDir: store.dir });
  for (const { address, port, name } of sockets.all) {
    log({ type: "listening", address, port, name });
  }
  if (proxy !== null) {
    const { address, port } = proxy;
    log({ type: "proxying", address, port });
  }
  if (store.fallback !== null) log({ type: "fallback", ...store.fallback });

  const ownClients = once(() => sharedFolder(platform, `clients-${CLIENTS_DIGEST}`));
  const clients = layOutClients(
    platform,
    () => ownClients() ?? pipeFolder.keep(),
    clientsFor(platform, settings),
  );
  const supervisor = new Supervisor({
    platform,
    settings,
    store,
    record,
    watch: staticFiles.leftOutOf(watch),
    best: findState(settings, store, log),
    pipeFolder,
    env: { ...platform.env(), ...mark },
    mark,
    sockets,
    gateway: proxy,
    layOutClients: clients.layOut,
    onFact: log,
    onStandby: (news) => log({ type: "standby", news }),
    onTrouble: logTrouble,
    envFiles: () => ({ ...control.colors(), ...toleratedEnvFiles(files, settings, logTrouble) }),
    onAnswered: () => control.stir(),
    output: control,
    marksOf: (generation) => control.opened?.rewinding.marksOf(generation) ?? {},
    onKept: (state) => control.opened?.rewinding.kept(state),
  });
  await clients.prepare();
  const lockedAt = files.stat(store.dir)?.ctimeMs ?? platform.clock.wallNow();
  await supervisor.start().catch((error) => {
    throw inWords(NO_PIPES, TMPDIR, error);
  });
  const releaseOrphans = processes.adoptOrphans();
  const asked = await control.open({
    ...{ platform, settings, store, watch, log, record, supervisor },
    pipeFolder: () => pipeFolder.keep(),
  });
  supervisor.goOn();
  const hasEnded = supervisor.machine.state.name === "ended";
  let hasFailed = false;
  const armed = (hasEnded ? Promise.resolve() : watch.arm(lockedAt)).catch((error) => {
    logError("error", "The watch failed", error);
    hasFailed = true;
    supervisor.stop("the watch");
  });
  armed.then(() => asked.rewinding.armed());
  if (!hasEnded) armed.then(clients.load).then(() => sayWatchedTwice(files, settings, log));
  const wakes = armed.then(async () => {
    const { whenIdle } = await import("./run/idle.ts");
    return whenIdle(platform, [store.dir, ownClients()]);
  });
  const ended = supervisor.ended.then(async (status) => {
    releaseOrphans();
    wakes.then((cancel) => cancel());
    await Promise.all([armed, watch.close()]);
    timeline.close();
    const steps = [
      () => asked.close(),
      () => store.cleanUp(Infinity),
      () => sockets.close(),
      () => void proxy?.close(),
      () => record.release(),
      () => pipeFolder.remove(),
    ];
    for (const tidy of steps) {
      try {
        tidy();
      } catch (error) {
        logError("warning", "Cannot tidy up", error);
      }
    }
    return hasFailed && status === EXIT.stopped ? EXIT.internal : status;
  });
  return {
    ended,
    states: () => ({ dir: store.dir, states: store.list(), tree: watch.trees.of() }),
    status: () => asked.status(),
    wait: (timeoutMs) => asked.wait(timeoutMs),
    hold: (name, forMs) => asked.hold(name, forMs, null),
    release: (name, waitMs) => asked.release(name, waitMs),
    logs: (lines) => asked.logs(lines),
    rewind: (back, { files = false } = {}) => asked.rewinding.rewind(back, { files }),
    restart: () => supervisor.restart(),
    stop: (by) => supervisor.stop(by),
    get isPaused() {
      return asked.isPaused;
    },
    pause: () => asked.pause(),
    resume: () => asked.resume(),
    passOn: (signal) => supervisor.passOn(signal),
    abandon: () => supervisor.abandon(),
  };
}

const NO_PIPES = "Cannot make the pipes to the program";
const TMPDIR = "Free the place, or name another folder, by a short path, with TMPDIR";
