import type { TcpConnection } from "../platform/platform.ts";
import { Source } from "./source.ts";

/** Whoever connected to baton. */
export class Client {
  readonly source: Source;
  /** Settles when nobody is in the middle of reading a body from it. */
  busy: Promise<unknown> = Promise.resolve();

  constructor(readonly connection: TcpConnection) {
    this.source = new Source(connection);
  }

  /** Resolves once it is gone; until then what it sends next is kept. Not while a body is read from it. */
  async gone(): Promise<void> {
    await this.source.ahead();
    if (!this.source.isOver) await new Promise(() => {});
  }
}
