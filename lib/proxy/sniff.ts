import { textOf } from "./head.ts";
import type { Source } from "./source.ts";

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]";
const REQUEST_LINE = new RegExp(`^(?:\\r\\n)*${TOKEN}+ [^\\r\\n]* HTTP/1\\.[01]\\r?\\n`);
const BEGINNING = new RegExp(`^(?:\\r\\n)*(?:${TOKEN}*|${TOKEN}+ [^\\r\\n]*)\\r?$`);
/** So much of one line is a request with a long address. Each read looks at all of it, however little has come. */
const LONGEST_LOOK = 2_048;

/**
 * Whether a request of HTTP/1 begins, or something else: HTTP/2 with prior knowledge, TLS, another protocol.
 * Reads as much as it takes to tell, and leaves it in the source.
 */
export async function protocolOf(source: Source): Promise<"http/1" | "other"> {
  for (;;) {
    const text = textOf(source.pending.subarray(0, LONGEST_LOOK));
    if (REQUEST_LINE.test(text)) return "http/1";
    if (!BEGINNING.test(text)) return "other";
    if (text.length === LONGEST_LOOK) return "http/1";
    if (!await source.more()) return "other"; // It may be all that is to be said.
  }
}
