/** What a generation is started with, whether it is started anew or waits already. */
export interface Launch {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: "inherit" | "null";
  /** Standard error is read even where it goes to a terminal: it is shown elsewhere, too. */
  readonly readsStderr?: boolean;
  /** The module of the hook, for an interpreter that is told by an option of its command which to load first. */
  readonly preload?: string | undefined;
  /** What programs find without having installed it could not be laid out, the hook neither. */
  readonly lacksClients?: boolean;
}

/** Whether one that was started as `one` may go on as `other`: all but baton's own variables is the same. */
export function isAlike(one: Launch, other: Launch): boolean {
  const told = ({ command, cwd, env, stdin }: Launch) => {
    const own = Object.entries(env).filter(([name]) => !name.startsWith("BATON_"));
    return JSON.stringify([command, cwd, stdin, own]);
  };
  return told(one) === told(other);
}
