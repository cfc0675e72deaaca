/** What a process costs the system, as Linux counts it. */
export interface Holdings {
  readonly watches: number;
  readonly instances: number;
}

/** The inotify instances of a process and the watches in them. */
export function holdings(pid: number): Holdings {
  let [watches, instances] = [0, 0];
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
    if (!isInotify(`/proc/${pid}/fd/${name}`)) continue;
    instances++;
    const text = Deno.readTextFileSync(`/proc/${pid}/fdinfo/${name}`);
    watches += text.match(/^inotify /gm)?.length ?? 0;
  }
  return { watches, instances };
}

/** Milliseconds of processor time that each thread of a process has had. */
export function processorMs(pid: number): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    const nanoseconds = Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0];
    times.set(name, Number(nanoseconds) / 1e6);
  }
  return times;
}

/** What the threads have had since then; one that has ended is left out. */
export function processorMsSince(before: ReadonlyMap<string, number>, pid: number): number {
  let sum = 0;
  for (const [thread, ms] of processorMs(pid)) sum += ms - (before.get(thread) ?? 0);
  return sum;
}

/** Bytes of memory that a process holds. */
export function residentBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

function isInotify(path: string): boolean {
  try {
    return Deno.readLinkSync(path).includes("inotify");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false; // closed since it was listed
    throw error;
  }
}
