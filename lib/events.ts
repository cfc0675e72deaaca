/** The types of what an embedded baton is asked for and tells, all of them in one place. */
export type { HoldInfo, KeptState, Released, Rewound, Status, Verdict } from "./control/answers.ts";
export type { Fact } from "./decide/fact.ts";
export type { Survivor } from "./decide/event.ts";
export type { LowerRung, RefusedRung, Rung } from "./decide/rung.ts";
export type { HookOutcome, Marks, Mode, Reason, Timings } from "./decide/handoff.ts";
export type { StoredState } from "./decide/context.ts";
export type { Explanation } from "./errors.ts";
export type { ExitStatus, TerminalSignal } from "./platform/platform.ts";
export type { Item, RunItem } from "./report/item.ts";
export type {
  ListenAddress,
  ReadyProbe,
  RESTART_SIGNALS,
  RestartSignal,
  Rule,
  Settings,
  Signal,
  SIGNALS,
} from "./settings.ts";
export type { StandbyNews, StartedFrom } from "./standby/news.ts";
export type { RejectedState } from "./state/saved.ts";
export type { Envelope, Reading, RejectionKind, StateKind } from "./state/envelope.ts";
export type { Refusal } from "./state/checksum.ts";
export type { Good, Missing, Newest } from "./state/store.ts";
export type { Armed, Change, WatchEvent } from "./watch/change.ts";
