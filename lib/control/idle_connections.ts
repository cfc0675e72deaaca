import type { Clock, Connection } from "../platform/platform.ts";

/** Fewer than a socket has at a time: there is room for who asks something. */
const MOST_IDLE = 192;
/** What was written into a connection before it was accepted is heard by then. */
const HEARD_MS = 250;

/** Connections that nothing is asked by. Where there are too many, what has been idle for longest is ended. */
export class IdleConnections {
  readonly #clock: Clock;
  /** From when on each may be ended; what has been idle for longest comes first. */
  readonly #idle = new Map<Connection, number>();
  #isLooking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** It was accepted. */
  accepted(connection: Connection): void {
    this.#idle.set(connection, this.#clock.now() + HEARD_MS);
    this.#look();
  }

  /** It was answered, or has said something that is no request yet. */
  heard(connection: Connection): void {
    this.#idle.set(connection, -Infinity);
    this.#look();
  }

  remove(connection: Connection): void {
    this.#idle.delete(connection);
  }

  #look(): void {
    for (const [connection, from] of this.#idle) {
      if (this.#idle.size <= MOST_IDLE) return;
      if (from > this.#clock.now()) continue;
      this.#idle.delete(connection);
      connection.destroy();
    }
    if (this.#isLooking || this.#idle.size <= MOST_IDLE) return;
    this.#isLooking = true;
    this.#clock.after(HEARD_MS, () => {
      this.#isLooking = false;
      this.#look();
    });
  }
}
