import { join } from "@std/path";
import { findLive } from "../decide/context.ts";
import type { Explanation } from "../errors.ts";
import type { Supervisor } from "../act/supervise.ts";
import { isFileAt } from "../paths/lookup.ts";
import type { Platform } from "../platform/platform.ts";
import type { Item } from "../report/item.ts";
import type { Settings } from "../settings.ts";
import type { RecordKeeper } from "../state/record.ts";
import type { Store } from "../state/store.ts";
import { VERSION } from "../version.ts";
import type { Watch } from "../watch/watch.ts";
import { Announcements } from "./announcements.ts";
import { SOCKET_NAME } from "./find.ts";
import { commandsOf } from "./commands.ts";
import { type HoldEnd, Holds } from "./holds.ts";
import { endedEarly, noHold } from "./hold_errors.ts";
import type { Journal } from "./journal.ts";
import { placeIn } from "../report/place.ts";
import type { HoldInfo, Released, Status, Verdict } from "./answers.ts";
import { CONTROL_PROTOCOL } from "./protocol.ts";
import { Rewinding } from "./rewinding.ts";
import { ControlServer } from "./server.ts";
import { statusOf } from "./status.ts";
import { isAtRest, Verdicts } from "./verdicts.ts";

export interface ControlSurroundings {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly store: Store;
  readonly watch: Watch;
  readonly journal: Journal;
  /** A private folder with a short path. Throws `PlatformError`. */
  pipeFolder(): string;
  readonly record: Pick<RecordKeeper, "control">;
  readonly supervisor: Pick<
    Supervisor,
    "machine" | "restart" | "stop" | "released" | "rewind" | "processes"
  >;
  log(item: Item): void;
}

/** The hold of whoever puts files back. */
const REWINDS = "rewind of files";

/** The hold of `pause`. */
const PAUSED = "pause";

/** What can be asked of a run from outside: over the control socket, and by who embeds baton. */
export class Control {
  readonly #with: ControlSurroundings;
  readonly #server: ControlServer;
  readonly #holds: Holds;
  readonly #verdicts: Verdicts;
  readonly rewinding: Rewinding;
  readonly #announcements: Announcements;
  /** Called when something has happened. */
  readonly #stirred = new Set<() => void>();
  #isWatching = false;
  #isAsked = false;

  constructor(surroundings: ControlSurroundings) {
    this.#with = surroundings;
    const { platform, settings, store, watch, supervisor, log } = surroundings;
    const machine = () => supervisor.machine;
    this.#holds = new Holds(platform.clock, {
      pause: () => watch.pause(),
      resume: (why) => void this.#resume(why),
      began: ({ name, leftMs }) => {
        if (name === REWINDS) return;
        log(name === PAUSED ? { type: "paused" } : { type: "held", name, forMs: leftMs });
      },
      ended: (name, by) => {
        if (name === REWINDS) return;
        if (name === PAUSED) return log({ type: "resumed" });
        const holds = this.#holds.list().map((one) => one.name);
        log({ type: "released", name, by, changed: this.#changed(), holds });
        this.stir();
      },
    });
    const isFile = (path: string) => isFileAt(platform, path);
    const place = (lines: readonly string[]) => placeIn(lines, settings.cwd, isFile);
    this.#verdicts = new Verdicts({
      ...{ clock: platform.clock, watch, machine },
      holds: () => this.#holds.list(),
      placeIn: place,
      ports: () => {
        const { processes } = supervisor;
        // What baton holds every generation has from its start.
        return settings.listen.length > 0 ? [] : platform.sockets.ports(processes({ again: true }));
      },
    });
    const onTrouble = (trouble: Explanation) => log({ type: "warning", ...trouble });
    this.rewinding = new Rewinding({
      ...{ platform, settings, store, watch, machine, log },
      rewind: (state, by) => supervisor.rewind(state, by),
      restart: () => supervisor.restart(),
      hold: () => {
        this.#holds.hold(REWINDS, null, null);
        return () => void this.#holds.release(REWINDS);
      },
    });
    this.#announcements = new Announcements({ platform, settings, placeIn: place, onTrouble });
    this.#server = new ControlServer({
      platform,
      commands: commandsOf({
        ...{ store, rewind: (back, how) => this.rewinding.rewind(back, how) },
        restart: () => supervisor.restart(),
        stop: (by) => supervisor.stop(by),
        status: () => this.status(),
        wait: (timeoutMs) => this.wait(timeoutMs),
        hold: (name, forMs, owner) => this.hold(name, forMs, owner),
        release: (name, waitMs) => this.release(name, waitMs),
        logs: (lines) => this.logs(lines),
      }),
      addresses: () => {
        store.ensure();
        return [store.dir, surroundings.pipeFolder()].map((folder) => join(folder, SOCKET_NAME));
      },
      opened: (address) =>
        surroundings.record.control({ address, protocol: CONTROL_PROTOCOL, version: VERSION }),
      left: (owner) => this.#holds.drop(owner),
      onTrouble,
    });
  }

  /** What baton tells. The socket is opened once the program was started. */
  note(item: Item): void {
    this.#verdicts.note(item);
    this.rewinding.note(item);
    this.#announcements.note(item);
    if (item.type === "armed") this.#isWatching = true;
    if (item.type === "started") this.#server.keep();
  }

  /** Once somebody has asked for a verdict, the lines of what fails are wanted. */
  isWanted(): boolean {
    return this.#isAsked;
  }

  /** What is read on its way to the terminal looks as if it were not (https://force-color.org). */
  colors(): Record<string, string> {
    const { terminal, env } = this.#with.platform;
    const isOwn = !terminal.stderrIsTerminal || env().NO_COLOR !== undefined;
    return this.#isAsked && !isOwn ? { FORCE_COLOR: "1" } : {};
  }

  /** An event was answered, or the watch has told something. */
  stir(): void {
    for (const resolve of this.#stirred) resolve();
    this.#stirred.clear();
    this.#verdicts.stir();
  }

  wait(timeoutMs: number): Promise<Verdict> {
    this.#isAsked = true;
    return this.#verdicts.ask(timeoutMs);
  }

  /**
   * Resolves once what was under way is over: what is saved after that is held. Throws `BatonError` where the hold is
   * over before.
   */
  async hold(name: string, forMs: number | null, owner: object | null): Promise<HoldInfo> {
    this.#isAsked = true;
    this.#holds.hold(name, forMs, owner);
    this.#verdicts.stir();
    const find = () => this.#holds.list().find((one) => one.name === name);
    while (find() !== undefined && !isAtRest(this.#with.supervisor.machine)) {
      await new Promise<void>((resolve) => this.#stirred.add(resolve));
    }
    const hold = find();
    if (hold === undefined) throw endedEarly(name);
    return hold;
  }

  /** Throws `BatonError` where there is, and was, no hold of this name. */
  async release(name: string, waitMs: number | null): Promise<Released> {
    const by = this.#holds.release(name);
    const holds = this.#holds.list();
    if (by === null) throw noHold(name, holds);
    await this.#with.watch.sync();
    const changed = this.#changed();
    const verdict = waitMs === null ? null : await this.wait(waitMs);
    return { name, endedBy: by === "asked" ? null : by, holds, changed, verdict };
  }

  get isPaused(): boolean {
    return this.#holds.list().some(({ name }) => name === PAUSED);
  }

  /** Holds until `resume`. */
  pause(): void {
    this.#holds.hold(PAUSED, null, null);
    this.#verdicts.stir();
  }

  resume(): void {
    this.#holds.release(PAUSED);
  }

  status(): Status {
    const { platform, settings, store, watch, supervisor } = this.#with;
    return statusOf({
      ...{ platform, settings, stateDir: store.dir, machine: supervisor.machine },
      isWatching: this.#isWatching,
      holds: this.#holds.list(),
      tree: watch.trees.of(),
      differences: (generation) => watch.differences(generation),
    });
  }

  logs(lines: number): string[] {
    return this.#with.journal.lines(lines);
  }

  close(): void {
    this.#holds.close();
    this.#verdicts.close();
    this.#announcements.close();
    this.rewinding.close();
    this.#server.close();
  }

  /** What was held is one change: all of it is heard before any of it is let through. */
  async #resume(why: HoldEnd): Promise<void> {
    const { watch, supervisor } = this.#with;
    await watch.sync();
    if (this.#holds.list().length > 0) return;
    supervisor.released();
    watch.resume();
    if (why === "asked") watch.complete();
  }

  /** What differs from the files that live, or the last try, was started from. */
  #changed(): string[] {
    const { context } = this.#with.supervisor.machine;
    const base = findLive(context)?.number ?? context.attempted;
    return base === null ? [] : this.#with.watch.differences(base);
  }
}
