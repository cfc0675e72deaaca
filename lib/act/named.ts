/**
 * How a program says that it does not run beside another of its own: by the process or the port of the other, as
 * that had written into a file (Vite, Next.js, Rails, gunicorn, whatever keeps a file with its process id).
 */
const PROCESS = /\b(?:pid|process(?: id)?)\b\W{0,16}(\d+)\b/gi;
const PORT = /(?:[\w.\]]:|\bport\W{1,2})(\d{2,5})\b/gi;

/** What such lines name of another generation, in words, where these are its processes and its port; null for nothing. */
export function named(
  lines: readonly string[],
  { processes, port }: {
    readonly processes: () => readonly number[];
    readonly port: number | null;
  },
): string | null {
  const ports = numbersIn(lines, PORT);
  if (port !== null && ports.includes(port)) return `port ${port}`;
  const pids = numbersIn(lines, PROCESS);
  const pid = pids.length === 0 ? undefined : processes().find((each) => pids.includes(each));
  return pid === undefined ? null : `process ${pid}`;
}

function numbersIn(lines: readonly string[], pattern: RegExp): number[] {
  return lines.flatMap((line) => [...line.matchAll(pattern)].map(([, digits]) => Number(digits)));
}
