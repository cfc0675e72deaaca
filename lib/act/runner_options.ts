import type { StoredState } from "../decide/context.ts";
import type { Event } from "../decide/event.ts";
import type { Fact } from "../decide/fact.ts";
import type { Explanation } from "../errors.ts";
import type { EnvironmentMark, Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { StandbyNews } from "../standby/news.ts";
import type { WatchedFolders } from "../watch/watched_folders.ts";
import type { VersionMarks } from "../state/envelope.ts";
import type { RecordKeeper } from "../state/record.ts";
import type { Store } from "../state/store.ts";
import type { TemporaryFolder } from "../state/temporary.ts";
import type { OutputReader } from "./output_reader.ts";
import type { Injection } from "./environment.ts";
import type { Gateway } from "./gateway.ts";
import type { HeldSockets } from "./held_sockets.ts";
import type { LadderMarks } from "./ladder_marks.ts";

/** What effects are performed with. */
export interface RunnerOptions {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly store: Store;
  readonly record: RecordKeeper;
  /** Private folder for the pipes. */
  readonly pipeFolder: Pick<TemporaryFolder, "keep">;
  /** Variables of every generation, from which each gets its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly mark: EnvironmentMark;
  /** What every generation inherits. */
  readonly sockets: HeldSockets;
  /** What stands in front of the program; null for nothing. */
  readonly gateway: Gateway | null;
  /** Makes sure of the clients that programs find without having installed them. Throws `BatonError`. */
  layOutClients(withStandby?: boolean): Injection[];
  post(event: Event): void;
  onFact(fact: Fact): void;
  /** Variables that are read anew for each generation; those in `env` win. */
  readonly envFiles?: (() => Record<string, string>) | undefined;
  /** What is known of a generation, for the states that it saves. */
  readonly marksOf?: ((generation: number) => VersionMarks) | undefined;
  /** States that are gone back to: with each what was taken along with it is put back, once. */
  readonly goneBackTo?: WeakSet<StoredState> | undefined;
  /** A state was kept. */
  readonly onKept?: ((state: StoredState) => void) | undefined;
  /** Whether nothing is to be started but what is asked for. */
  isHeld?(): boolean;
  readonly output?: OutputReader | undefined;
  /** Something failed that baton can go on without. */
  onTrouble(trouble: Explanation): void;
  /** A generation is about to be started from the files as they are now. */
  onSpawn(generation: number): void;
  /** Which files live has taken, and what was built. */
  readonly ladder: LadderMarks;
  onCompare(): void;
  onQuit(status: number): void;
  readonly watched: WatchedFolders;
  onStandby(news: StandbyNews): void;
}
