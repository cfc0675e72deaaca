/** A project's folder, as whoever tells its kind sees it. */
export interface Folder {
  /** Whether a file of this name is there. */
  has(name: string): boolean;
  /** Null where it is not there, or is not for reading. */
  read(name: string): string | null;
  /** The names in a folder inside of it; none where there is no such folder. */
  list(name: string): readonly string[];
  /** Whether it is a file in this folder that may be executed. */
  isExecutable(name: string): boolean;
  /** Whether a command of this name is on PATH. */
  isOnPath(command: string): boolean;
}

/** How a project is run and watched. */
export interface Way {
  /** Empty where nothing tells it. */
  readonly command: readonly string[];
  /** The extensions of its files; any where there is none. */
  readonly ext: readonly string[];
  /** What to watch, where that is not all. */
  readonly watch?: readonly string[];
  /** What to do next, where that is something else than to set the command, or to look at it. */
  readonly next?: string;
}

/** Tells how a project is run by the file that says which kind it is. */
export type Kind = (folder: Folder, found: string) => Way;

export function first(folder: Folder, names: readonly string[]): string | undefined {
  return names.find((name) => folder.has(name));
}
