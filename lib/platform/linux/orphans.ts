import type { Cancel, Clock } from "../platform.ts";

// Of Linux's prctl.h and wait.h.
const SET_CHILD_SUBREAPER = 36;
const ANY = 0;
const ONE = 1;
const WITHOUT_WAITING = 0x1;
const ENDED = 0x4;
const LEAVE_IT = 0x1000000;

/** `siginfo_t`, and where the process is in it, by words of 32 bits. */
const INFO_WORDS = 32;
const PROCESS = 4;

/** A runtime hears of the end of its own children by then, and reaps them. */
const OWN_FIRST_MS = 200;

export interface OrphanCalls {
  prctl(option: number, value: number): number;
  /** Waits for a child; what is known of it goes into `info`. */
  waitid(which: number, pid: number, info: Int32Array<ArrayBuffer>, options: number): number;
}

export interface OrphanRequest {
  /** Opens the calls for a while; null where they cannot be called. */
  open(): { readonly calls: OrphanCalls; close(): void } | null;
  /** Whether it is a child of which baton waits to hear how it ended. */
  isOwn(pid: number): boolean;
  /** Calls `run` whenever a child may have ended. */
  onChildEnd(run: () => void): Cancel;
  readonly clock: Clock;
}

/**
 * Becomes the parent of whoever loses its own below this process, as the first process of a system is, and
 * reaps those when they end: a program's daemons would pile up as zombies where the first process of a
 * container is baton, or one that reaps nobody.
 */
export function adoptOrphans({ open, isOwn, onChildEnd, clock }: OrphanRequest): Cancel {
  let waiting: Cancel | null = null;

  function soon(): void {
    waiting ??= clock.after(OWN_FIRST_MS, () => {
      waiting = null;
      if (!reapAll()) soon();
    });
  }

  /** False where a child of one's own, not reaped yet, hides who else has ended. */
  function reapAll(): boolean {
    const library = open();
    if (library === null) return true;
    try {
      for (;;) {
        const pid = endedChild(library.calls);
        if (pid === 0) return true;
        if (isOwn(pid)) return false;
        library.calls.waitid(ONE, pid, new Int32Array(INFO_WORDS), ENDED | WITHOUT_WAITING);
      }
    } finally {
      library.close();
    }
  }

  const library = open();
  if (library === null) return () => {};
  library.calls.prctl(SET_CHILD_SUBREAPER, 1);
  library.close();
  const cancel = onChildEnd(soon);
  soon();
  return () => {
    cancel();
    waiting?.();
  };
}

/** A child that has ended and was not reaped; 0 where there is none. */
function endedChild(calls: OrphanCalls): number {
  const info = new Int32Array(INFO_WORDS);
  const failed = calls.waitid(ANY, 0, info, ENDED | WITHOUT_WAITING | LEAVE_IT) !== 0;
  return failed ? 0 : info[PROCESS]!;
}
