import type { Connection } from "../platform/platform.ts";

/** Fewer than a socket has at a time: there is room for who asks something. */
const MOST_IDLE = 192;

/** Connections that nothing is asked by. Where there are too many, what has been idle for longest is ended. */
export class IdleConnections {
  readonly #idle = new Set<Connection>();

  add(connection: Connection): void {
    this.#idle.add(connection);
    if (this.#idle.size <= MOST_IDLE) return;
    const [longest] = this.#idle;
    this.#idle.delete(longest!);
    longest!.destroy();
  }

  remove(connection: Connection): void {
    this.#idle.delete(connection);
  }
}
