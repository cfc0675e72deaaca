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

/** Milliseconds of processor time that all threads of a process have had. */
export function processorMs(pid: number): number {
  let nanoseconds = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(
      Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0],
    );
  }
  return nanoseconds / 1e6;
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
