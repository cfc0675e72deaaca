/**
 * A coding beside a length, hidden by one byte of any kind in the places where those who look for request
 * smuggling put it (the mutations of defparam/smuggler): what is not refused cannot be read as a coding.
 */
import { assert, assertEquals } from "@std/assert";
import { requestFields } from "../../lib/proxy/fields.ts";
import { requestFraming } from "../../lib/proxy/framing.ts";
import { formatRequest, parseRequest } from "../../lib/proxy/head.ts";
import { Malformed } from "../../lib/proxy/malformed.ts";

const PLACES: readonly ((byte: string) => string)[] = [
  (byte) => `Transfer-Encoding${byte}: chunked`,
  (byte) => `Transfer-Encoding:${byte}chunked`,
  (byte) => `Transfer-Encoding: chunked${byte}`,
  (byte) => `Transfer-Encoding: ${byte}chunked${byte}`,
  (byte) => `${byte}Transfer-Encoding: chunked`,
  (byte) => `Transfer${byte}Encoding: chunked`,
  (byte) => `X: X${byte}Transfer-Encoding: chunked`,
  (byte) => `X: X\r${byte}Transfer-Encoding: chunked`,
  (byte) => `X: X${byte}\nTransfer-Encoding: chunked`,
  (byte) => `Transfer-Encoding:\r\n${byte}chunked`,
  (byte) => `Transfer-Encoding${byte}:${byte}chunked`,
  (byte) => `Connection: Transfer-Encoding${byte}\r\nTransfer-Encoding: chunked`,
];

/** What a careless reader takes for the names of fields. */
function carelessNames(head: string): string[] {
  return head.split(/\r\n|\r|\n/).slice(1)
    .map((line) => (line.split(":")[0] ?? "").replace(/[^a-z-]/gi, "").toLowerCase());
}

Deno.test("a coding that is hidden beside a length is refused, or is none to anybody", () => {
  let refused = 0;
  for (const place of PLACES) {
    for (let code = 0; code < 256; code++) {
      const hidden = place(String.fromCharCode(code));
      const text = `POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n${hidden}`;
      try {
        const request = parseRequest(text);
        assertEquals(requestFraming(request), { kind: "length", bytes: 4 });
        const passed = formatRequest({ ...request, fields: requestFields(request, "127.0.0.1") });
        const names = carelessNames(passed).filter((name) => name === "transfer-encoding");
        // One more letter makes another name of it, to everybody.
        const isOther = /^[!#$%&'*+.^_`|~0-9-]$/.test(String.fromCharCode(code));
        assert(names.length === 0 || isOther, JSON.stringify(hidden));
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        refused += 1;
      }
    }
  }
  assert(refused > 2_000, `${refused}`);
});

Deno.test("a length that Connection names is passed on all the same: the body would begin elsewhere", () => {
  const text =
    "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\nConnection: content-length, host";
  const request = parseRequest(text);
  const names = requestFields(request, "127.0.0.1").map(([name]) => name);
  assertEquals(names.slice(0, 2), ["Host", "Content-Length"]);
});
