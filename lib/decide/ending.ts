/** What comes after a generation is gone: the next one, a wait, or baton's end. */
import type { ExitStatus } from "../platform/platform.ts";
import { spawnSole, takeOver } from "./arrive.ts";
import type { Departing } from "./depart.ts";
import type { Effect } from "./effect.ts";
import type { EventOf } from "./event.ts";
import { type Handoff, marked } from "./handoff.ts";
import type { Memory } from "./state.ts";
import { after, report, type Step, step } from "./step.ts";

const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 10_000;
/** A program that ran this long before it crashed starts the backoff anew. */
export const BACKOFF_RESET_MS = 10_000;

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGPOLL: 29,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
};

/** As a shell would say it: the code, or 128 and the signal's number. */
export function statusNumber(status: ExitStatus): number {
  return status.kind === "exited" ? status.code : 128 + (SIGNAL_NUMBERS[status.signal] ?? 0);
}

export function backoffMs(crashes: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** crashes);
}

/** A program without the pipe may have left its state in a file. */
function admitLeft(
  memory: Memory,
  generation: number,
  left: EventOf<"gone">["left"],
): [Memory, Effect[]] {
  if (left.found === "missing") return [memory, []];
  if (left.found === "good") {
    return [{ ...memory, best: { path: left.path, envelope: left.envelope } }, []];
  }
  const { found, why } = left;
  return [memory, [report({ type: "distrusted", generation, found, why, state: memory.best })]];
}

/** The old generation is gone: what comes next. */
export function afterGone(before: Memory, going: Departing, event: EventOf<"gone">): Step {
  const [memory, effects] = admitLeft(before, going.old.number, event.left);
  return after(effects, next(memory, going, event.at));
}

function next(memory: Memory, going: Departing, at: number): Step {
  const { candidate, dying, purpose } = going;
  const handoff: Handoff = marked(going.handoff, "gone", at);
  if (candidate !== null) return takeOver(memory, candidate, handoff, at);
  if (dying !== null) {
    const rest: Departing = { ...going, old: dying, dying: null, handoff };
    return step(memory, { ...rest, name: "leaving", pressure: "killed" });
  }
  switch (purpose.kind) {
    case "stop":
      return end(memory, 0);
    case "replace":
      return memory.calm
        ? spawnSole(memory, handoff, at)
        : step(memory, { name: "settling", live: null, handoff });
    case "rest":
      return rest(memory, purpose.status);
  }
}

function rest(memory: Memory, status: ExitStatus): Step {
  const { policy, crashes } = memory;
  if (policy.exit) return end(memory, statusNumber(status));
  if (statusNumber(status) !== 0 && policy.onCrash === "restart") {
    return step({ ...memory, crashes: crashes + 1 }, { name: "backoff" }, {
      type: "timer",
      timer: "backoff",
      ms: backoffMs(crashes),
    });
  }
  return step(memory, { name: "idle" }, { type: "compare" });
}

/** Asked to stop where nothing runs. */
export function endAsked(memory: Memory, by: string): Step {
  return after([report({ type: "stopping", generation: null, by })], end(memory, 0));
}

export function end(memory: Memory, status: number): Step {
  return step(
    memory,
    { name: "ended", status },
    report({ type: "stopped", status, state: memory.best }),
    { type: "quit", status },
  );
}
