import type { EnvironmentMark, Platform } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { WatchedFolders } from "../watch/watched_folders.ts";
import type { StandbyNews } from "./news.ts";
import type { Launch } from "./launch.ts";
import type { ParkedProcess } from "./parked_process.ts";

/** What is different of how a generation is started. */
export interface Start {
  readonly parked?: ParkedProcess;
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Whether a process may be parked here at all; a socket is not handed to one yet. */
export function isStandbyWanted(
  { os }: Pick<Platform, "os">,
  { standby, listen }: Pick<Settings, "standby" | "listen">,
): boolean {
  return standby !== "off" && os === "linux" && listen.length === 0;
}

export interface StandbyOptions {
  readonly platform: Platform;
  /** Makes sure of a private folder, and says where it is. */
  folder(): string;
  readonly mark: EnvironmentMark;
  readonly watched: WatchedFolders;
  /** Whether modules of the project are imported ahead as well. */
  readonly own: boolean;
  /** How the generation of this number would be started now. */
  requestOf(generation: number): Launch;
  onNews(news: StandbyNews): void;
}
