/** What breaks the rules of HTTP/1.1 so that it cannot be told where a message ends, or what it says. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  constructor(message: string, readonly status: 400 | 408 | 431 | 501 = 400) {
    super(message);
  }
}

/** The other side was gone before its message was complete. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}
