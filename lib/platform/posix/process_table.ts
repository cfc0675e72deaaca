/** What the system says of one living process. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** When it began, in the table's own unit: orders processes, and tells apart those of one pid. */
  readonly startedAt: number;
  /** A signal has stopped it, or a debugger has. */
  readonly stoppedBy: "signal" | "debugger" | null;
}

/** The system's table of processes. A zombie is not in it. */
export interface ProcessTable {
  /** All processes but those whose pid is in `except`. */
  list(except: ReadonlySet<number>): ProcessInfo[];
  look(pid: number): ProcessInfo | null;
  /** `NAME=value` entries; none where there are none, they may not be read, or exec is replacing them. */
  environment(pid: number): string[];
  /** The limit on its file locks; null where there is none, or nobody can tell. */
  fileLocks(pid: number): bigint | null;
  /** Its command line, arguments separated by blanks; "" where there is none, or nobody can tell. */
  commandLine(pid: number): string;
  /** What these processes listen on and others could not: `port 8000`, the path of a socket. */
  listening(pids: readonly number[]): string[];
  /** Whether its pids are those by which this process knows others: in a PID namespace they may not be. */
  isOurs(): boolean;
  /** Differs from one run of the system to the next, where `startedAt` begins anew. */
  bootId(): string;
}
