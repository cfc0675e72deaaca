/**
 * # Theory of operation
 *
 * While a generation serves, one more process of the same command waits inside the start of its interpreter,
 * with what the program is known to import loaded already. It is no generation: it has run nothing of the
 * program. Where a generation is to be started it is let go in place of a new process, and is then that
 * generation; see `docs/standby.md`.
 *
 *     cold start (notes what it imports) ─ ready ─ quiet ─▶ warming ─▶ parked ─ a change ─▶ released
 *                                                             ╰─ too late, outdated, gone ─▶ cold start
 *
 * Whatever is in doubt starts cold. What is parked has the number and the environment of the generation to
 * come, so that its processes are known by their mark like any other's.
 */
import { join } from "@std/path";
import { messageOf } from "../errors.ts";
import { PlatformError } from "../platform/platform.ts";
import { Cut } from "./cut.ts";
import { privateBytes } from "./memory.ts";
import type { Learned, LearnedStart } from "./learned.ts";
import { Learning } from "./learning.ts";
import type { StartedFrom } from "./news.ts";
import { FAST, isFast, obstacle, unsuitable } from "./obstacles.ts";
import { type Newest, startedNow } from "./newest.ts";
import type { StandbyOptions, Start } from "./options.ts";
import type { Launch } from "./launch.ts";
import { letGo } from "./let_go.ts";
import { Parked } from "./parked.ts";
import type { Warmed } from "./parked_process.ts";
import { withPort } from "./port.ts";
import { refusalOf } from "./refusal.ts";
import { QuietTimer } from "./quiet_timer.ts";
import { noteStartingOver } from "./starting_over.ts";
import { told } from "./told.ts";
import { Trust } from "./trust.ts";
import { watchedAmong } from "./watched.ts";

const QUIET_MS = 300;
const LEAST_DEADLINE_MS = 5_000;
const NOT_YET = "no process was parked for it yet";

/** Keeps a process parked for the next generation. */
export class Standby {
  readonly #with: StandbyOptions;
  readonly #timer: QuietTimer;
  readonly #learning: Learning;
  #newest: Newest | null = null;
  /** What a cold start that came up has noted, of which generation that is, and how long it took. */
  #learned: LearnedStart | null = null;
  readonly #cut: Cut;
  readonly #trust = new Trust();
  #parked: Parked | null = null;
  #count = 0;
  #why = NOT_YET;
  #said: string | null = null;
  #isOff = false;

  constructor(options: StandbyOptions) {
    const { platform, folder } = options;
    this.#with = options;
    this.#timer = new QuietTimer(platform.clock, QUIET_MS);
    this.#learning = new Learning(platform, folder, this.#timer);
    this.#cut = new Cut(options.own);
  }

  /**
   * How this generation is to be started: what waits for it, or the environment of a cold start that notes what
   * it imports. `changed` are the paths behind it, relative to the working directory.
   */
  start(generation: number, launch: Launch, changed: readonly string[]): Start {
    this.#timer.cancel();
    this.#cut.edited(changed, launch.cwd);
    const why = this.#unusable(launch, changed);
    const parked = this.#parked;
    this.#parked = null;
    if (why !== null) parked?.end();
    this.#newest = startedNow(generation, launch, this.#with.platform.clock.wallNow(), why);
    if (why === null && parked !== null) {
      return { parked: letGo(parked, changed, (pid) => this.started(pid)) };
    }
    const folder = this.#isOff ? null : this.#learning.begin(generation);
    return folder === null ? {} : told(this.#with.platform, launch, folder, `learn:${folder}`);
  }

  /** Whether the next start needs what is for standby alone. */
  get isInUse(): boolean {
    return !this.#isOff && ((this.#learned ?? this.#parked) !== null || this.#learning.isDue);
  }

  started(leader: number): void {
    if (this.#newest !== null) this.#newest.leader = leader;
  }

  /**
   * A generation serves, and how it was started; `announced` is false where nothing but its start says that it
   * serves. Null where that is not known any more.
   */
  ready(generation: number, announced: boolean, bootMs: number): StartedFrom | null {
    const newest = this.#newest;
    if (newest?.generation !== generation) return null;
    Object.assign(newest, { bootMs, announced });
    if (announced) noteStartingOver(this.#learning, this.#cut, newest);
    if (!this.#isOff) this.#prepare(newest, announced);
    return newest.from;
  }

  /**
   * A generation ended by itself. Before it was up it came to nothing: where it was from standby that may be why.
   * The next one starts cold, and after several in a row none is parked until something else is imported.
   */
  failed(generation: number): void {
    if (this.#newest?.generation !== generation || this.#newest.isUp) return;
    if (this.#newest.from.type === "cold") return this.#timer.after(QUIET_MS, () => this.#warm());
    const why = `generation ${generation} came from standby and did not come up`;
    if (this.#trust.died(this.#learned?.notes)) return this.#drop(why);
    this.#timer.cancel();
    this.#learned = null;
    this.#why = why;
  }

  /** Nothing is parked for as long as baton runs. */
  turnOff(why: string): void {
    if (!this.#isOff) this.#drop(why);
    this.#isOff = true;
  }

  /** Files change: what waits looks whether it may be let go, and what still imports makes way for a cold start. */
  stirred(): void {
    if (this.#parked?.isParked === false) {
      this.#parked.end();
      this.#parked = null;
      this.#timer.after(QUIET_MS, () => this.#warm());
    } else this.#parked?.check();
    this.#timer.putOff();
  }

  close(): void {
    this.#isOff = true;
    this.#timer.cancel();
    this.#parked?.end();
  }

  #unusable(launch: Launch, changed: readonly string[]): string | null {
    if (this.#learned === null || this.#parked?.isParked !== true) return this.#why;
    return refusalOf(this.#parked.launch, launch, changed, this.#learned.identity);
  }

  #prepare(newest: Newest, announced: boolean): void {
    this.#learning.whenUp(newest, announced, (found) => {
      newest.isUp = true;
      this.#learning.keepOnly(this.#learned?.generation, newest.generation);
      noteStartingOver(this.#learning, this.#cut, newest);
      const goesOn = newest.from.type === "standby";
      if (goesOn) this.#trust.cameUp();
      const why = goesOn ? null : this.#takeIn(newest, found);
      if (why === null) this.#warm();
      else this.#drop(why);
      return why;
    });
  }

  /** Why nothing can be parked by what was noted; null where something can. */
  #takeIn(newest: Newest, found: Learned | string): string | null {
    if (typeof found === "string") return found;
    newest.bootMs = Math.max(newest.bootMs, found.notedAt - newest.startedAt);
    if (found.notes !== this.#learned?.notes) this.#cut.lift();
    this.#learned = { ...found, ...newest, coldMs: newest.bootMs };
    this.#learning.keepOnly(newest.generation);
    const why = unsuitable(this.#with.platform, found, newest) ??
      (this.#trust.isGivenUp(found.notes) ? this.#why : null);
    if (why === null) this.#trust.warmed();
    return why;
  }

  #warm(): void {
    try {
      this.#park();
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      this.#drop(error.message);
    }
  }

  #park(): void {
    const { platform, requestOf, folder, mark, watched } = this.#with;
    const [learned, newest] = [this.#learned, this.#newest];
    if (learned === null || newest === null || this.#isOff || this.#parked !== null) return;
    const generation = newest.generation + 1;
    const launch = requestOf(generation);
    const learnFolder = this.#learning.folderOf(generation);
    const cut = this.#cut.of(learned.imports.length);
    if (cut === 0) return this.#drop(this.#cut.why ?? "it imports nothing");
    if (learnFolder === null) return this.#drop("there is no place to note what it imports");
    const like = withPort(platform, learned, launch.env.PORT, join(folder(), "noted"));
    const why = obstacle(platform, newest.leader, like.command, launch);
    if (why !== null) return this.#drop(why);
    this.#count += 1;
    const parked = new Parked(platform, {
      launch,
      address: join(folder(), `park-${this.#count}`),
      mark: { ...mark, BATON_GENERATION: String(generation) },
      learned: like,
      cut,
      left: this.#cut.left,
      learnFolder,
      watched: watchedAmong(platform, watched, learned.searched),
      deadlineMs: Math.max(LEAST_DEADLINE_MS, 4 * learned.coldMs),
      onWarmed: (warmed) => this.#warmed(parked, generation, warmed),
      onLost: (why) => this.#lost(parked, why),
    });
    this.#parked = parked;
    this.#why = NOT_YET;
    parked.start().catch((error) => this.#lost(parked, messageOf(error)));
  }

  #warmed(parked: Parked, generation: number, warmed: Warmed): void {
    if (this.#parked !== parked) return;
    if (warmed.type !== "parked") {
      if (this.#cut.note(warmed)) this.#trust.warmed(); // It goes on with one less.
      return this.#lost(parked, warmed.why);
    }
    this.#trust.warmed();
    if (this.#learned !== null && isFast(this.#learned.coldMs, warmed.tookMs)) {
      this.#trust.giveUp(this.#learned.notes);
      return this.#drop(FAST);
    }
    const bytes = privateBytes(this.#with.platform, parked.pid);
    this.#with.onNews({ ...warmed, generation, bytes, cut: this.#cut.why });
  }

  #lost(parked: Parked, why: string): void {
    if (this.#parked !== parked) return;
    parked.end();
    this.#parked = null;
    this.#why = why;
    if (this.#trust.notWarmed(this.#learned?.notes)) this.#drop(why);
    else this.#timer.after(QUIET_MS, () => this.#warm());
  }

  /** Starts cold until that has shown something else; said once. */
  #drop(why: string): void {
    this.#timer.cancel();
    this.#parked?.end();
    this.#parked = null;
    if (why !== this.#said) this.#with.onNews({ type: "unparked", why });
    this.#why = this.#said = why;
    this.#learned = null;
    this.#learning.keepOnly(this.#newest?.generation);
  }
}
