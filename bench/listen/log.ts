/** What baton tells with `--log json`, as a benchmark waits for it. */
import { TextLineStream } from "./lines.ts";

/** How long a line is waited for. */
export const WITHIN_MS = 30_000;

export interface Line {
  readonly type: string;
  readonly port?: number;
  readonly generation?: number;
  readonly mode?: string;
  readonly announced?: boolean;
  readonly timings?: { readonly darkMs?: number };
}

/** Starts baton in a folder, with what it does as JSON lines and these arguments beside. */
export function startBaton(
  [program, ...first]: readonly string[],
  args: readonly string[],
  folder: string,
) {
  const child = new Deno.Command(program!, {
    args: [...first, "--log", "json", ...args],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = follow(child.stderr);
  return {
    pid: child.pid,
    lines,
    /** Has it stop, unless it has ended by itself. */
    async end(): Promise<void> {
      if (!lines.isOver()) child.kill("SIGINT");
      await child.status;
      await lines.ended;
    },
  };
}

/** Reads a standard error to its end; each line is given to whoever waits for it first. */
function follow(stream: ReadableStream<Uint8Array>) {
  const seen: string[] = [];
  let fits: (line: Line) => boolean = () => false;
  let found: (line: Line) => void = () => {};
  const queue: Line[] = [];
  let isOver = false;
  const read = async () => {
    for await (const text of stream.pipeThrough(new TextLineStream())) {
      seen.push(text);
      if (!text.startsWith('{"baton"')) continue;
      const line: Line = JSON.parse(text);
      if (fits(line)) found(line);
      else queue.push(line);
    }
    isOver = true;
  };
  return {
    ended: read(),
    isOver: () => isOver,
    next(wanted: (line: Line) => boolean): Promise<Line> {
      const index = queue.findIndex(wanted);
      if (index >= 0) return Promise.resolve(queue.splice(index, 1)[0]!);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`Waited in vain; seen last:\n${seen.slice(-15).join("\n")}`)),
          WITHIN_MS,
        );
        fits = wanted;
        found = (line) => {
          clearTimeout(timer);
          fits = () => false;
          resolve(line);
        };
      });
    },
  };
}
