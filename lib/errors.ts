/** How baton itself ends. See the table in docs/options.md. */
export const EXIT = {
  stopped: 0,
  left: 1,
  usage: 2,
  internal: 70,
  cannotRun: 126,
  notFound: 127,
} as const;

/** The parts of an error a person sees: what failed, where, and what to do next. */
export interface Explanation {
  /** The failed action, capital first letter, no final period. */
  readonly what: string;
  /** File and key, path, process: where it failed. */
  readonly where?: string | undefined;
  /** The next step, as a sentence that can be followed. */
  readonly next?: string | undefined;
}

/** A failure that baton expects and can explain. Anything else that is thrown is baton's own fault. */
export class BatonError extends Error implements Explanation {
  override readonly name = "BatonError";
  readonly what: string;
  readonly where?: string | undefined;
  readonly next?: string | undefined;
  /** The exit status, should this error end baton. */
  readonly status: number;

  constructor(
    explanation: Explanation,
    options: { status?: number; cause?: unknown } = {},
  ) {
    super(explanation.what, { cause: options.cause });
    this.what = explanation.what;
    this.where = explanation.where;
    this.next = explanation.next;
    this.status = options.status ?? EXIT.usage;
  }
}

/** Any thrown value as one line of text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
