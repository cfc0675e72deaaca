/** What stands in front of the generations, as far as those who start and stop them are concerned. */
export interface Gateway {
  /** The port that a generation is to listen on, which nobody else has; another where its own was taken before it started. */
  portOf(generation: number): number;
  /** Its process has started, with the port that it was told last. */
  started(generation: number): void;
  /** It serves: what comes from now on goes to it. */
  route(generation: number): void;
  /** It is asked to stop: nothing new goes to it, and what streams from it is closed. */
  leave(generation: number): void;
  /**
   * As `leave`; calls back once no request to it is under way, and where another one serves not at once, as that may
   * end just after it has answered.
   */
  drain(generation: number, onDrained: () => void): void;
  /** No process of it is left. */
  gone(generation: number): void;
}
