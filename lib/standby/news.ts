/** What is told of standbys. */
export type StandbyNews =
  | {
    readonly type: "parked";
    readonly generation: number;
    readonly modules: number;
    readonly tookMs: number;
    /** Its own memory; null where nobody can tell. */
    readonly bytes: number | null;
    /** What the first import that is not done ahead does; null where all are. */
    readonly cut: string | null;
  }
  | { readonly type: "unparked"; readonly why: string };

/** How a generation was started, where standbys were asked for. */
export type StartedFrom =
  | { readonly type: "standby" }
  | { readonly type: "cold"; readonly why: string };
