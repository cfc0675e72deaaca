/** What is read as a whole is passed on as it is where each field is read. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { askForPage } from "../../lib/proxy/browser/ask_for_page.ts";
import { injectScript } from "../../lib/proxy/browser/inject.ts";
import { revalidated } from "../../lib/proxy/browser/revalidate.ts";
import {
  keepsAlive,
  relocated,
  requestFields,
  responseFields,
  upgradeOf,
} from "../../lib/proxy/fields.ts";
import { requestFraming, responseFraming } from "../../lib/proxy/framing.ts";
import {
  type Field,
  formatRequest,
  formatResponse,
  parseRequest,
  parseResponse,
  valuesOf,
} from "../../lib/proxy/head.ts";
import {
  formatPlainRequest,
  formatPlainResponse,
  plainRequest,
  plainResponse,
} from "../../lib/proxy/plain.ts";

const PEER = "127.0.0.1";
const PORT = 4_711;

const GET = "GET /a?b HTTP/1.1";
const CHROMIUM = [
  ...[GET, "Host: localhost:8000", "Connection: keep-alive", 'sec-ch-ua-platform: "Linux"'],
  ...["User-Agent: Mozilla/5.0 (X11; Linux x86_64)", 'sec-ch-ua: "Chromium";v="136"'],
  ...["sec-ch-ua-mobile: ?0", "Accept: */*", "Sec-Fetch-Site: same-origin"],
  ...["Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: script", "Referer: http://localhost:8000/"],
  ...["Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: en", "Cookie: a=b; c=d"],
];
const REQUESTS = {
  Chromium: CHROMIUM,
  "Firefox, with a body": [
    ...["POST / HTTP/1.1", "Host: localhost:8000", "User-Agent: Mozilla/5.0", "Accept: */*"],
    ...["Content-Type: application/json", "Content-Length: 12", "Origin: http://localhost:8000"],
    ...["Connection: keep-alive", "Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors"],
  ],
  curl: [GET, "Host: localhost:8000", "User-Agent: curl/8.5.0", "Accept: */*"],
  Go: [GET, "Host: localhost:8000", "User-Agent: Go-http-client/1.1", "Accept-Encoding: gzip"],
  undici: [GET, "host: localhost:8000", "connection: keep-alive", "accept: */*"],
};
const DATE = "Date: Sun, 29 Nov 2026 09:36:15 GMT";
const RESPONSES = {
  Node: ["HTTP/1.1 200 OK", DATE, "Connection: keep-alive", "Keep-Alive: timeout=5"],
  uvicorn: ["HTTP/1.1 200 OK", "date: Sun", "server: uvicorn", "content-type: application/json"],
  Go: ["HTTP/1.1 404 Not Found", "Content-Type: text/plain; charset=utf-8", DATE],
  Express: [
    ...["HTTP/1.1 200 OK", "X-Powered-By: Express", "Cache-Control: public, max-age=0"],
    ...["Last-Modified: Sun", 'ETag: W/"5"', "Content-Type: application/javascript", DATE],
  ],
};

for (const [name, lines] of Object.entries(REQUESTS)) {
  Deno.test(`a request is read as a whole: ${name}`, () => {
    const text = lines.join("\r\n");
    assert(plainRequest(text) !== null);
    comparedRequest(text);
  });
}

for (const [name, lines] of Object.entries(RESPONSES)) {
  for (const body of ["Content-Length: 5", "content-length: 0", "Transfer-Encoding: chunked"]) {
    Deno.test(`an answer is read as a whole: ${name}, ${body}`, () => {
      for (const place of [1, 3, lines.length]) {
        const text = lines.toSpliced(place, 0, body).join("\r\n");
        assert(plainResponse(text) !== null);
        comparedResponse(text);
      }
    });
  }
}

Deno.test("a head with one byte more or another is read as a whole only where that changes nothing", () => {
  const bytes = ["\0", "\t", "\n", "\r", " ", ":", "a", "-", "1", "\x7f", "\x80", "\u00ff"];
  const mutate = (lines: readonly string[], compare: (text: string) => boolean) => {
    const text = lines.join("\r\n");
    for (let at = 0; at <= text.length; at++) {
      for (const byte of bytes) {
        for (const next of [at, at + 1]) compare(text.slice(0, at) + byte + text.slice(next));
      }
    }
  };
  for (const lines of Object.values(REQUESTS)) mutate(lines, comparedRequest);
  for (const lines of Object.values(RESPONSES)) {
    mutate([...lines, "Content-Length: 5", "X: y"], comparedResponse);
  }
});

const name = fc.constantFrom(
  ...["Host", "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade", "HTTP2-Settings"],
  ...["Transfer-Encoding", "Content-Length", "X-Forwarded-For", "X-Forwarded-Host", "Location"],
  ...["X-Forwarded-Proto", "Last-Modified", "Cache-Control", "Expires", "Content-Type", "Accept"],
  ...["Sec-Fetch-Mode", "Sec-Fetch-Dest", "If-None-Match", "Accept-Encoding", "X", "Cookie", "Set"],
);
const value = fc.constantFrom(
  ...["keep-alive", "close", "Keep-Alive, X", "upgrade", "chunked", "gzip", "5", "0", "05", "-1"],
  ...[
    "text/html",
    "text/html; charset=utf-8",
    "TEXT/HTML",
    "text/event-stream",
    "*/*",
    "a,text/html",
  ],
  ...["navigate", "document", "script", "localhost:8000", `http://localhost:${PORT}/a`, "no-cache"],
  ...["", " ", "a b", "a\tb", "\u00e9\u00ff", "a\u0000", "a\nb", "9".repeat(15), "9".repeat(16)],
);
const blank = fc.constantFrom(" ", " ", " ", "", "  ", "\t");
const after = fc.constantFrom("", "", "", " ", "\t");
const letters = fc.constantFrom("as it is", "lower", "upper");
const line = fc.tuple(name, blank, value, after, letters).map(
  ([name, blank, value, after, letters]) => {
    const written = letters === "lower" ? name.toLowerCase() : name.toUpperCase();
    return `${letters === "as it is" ? name : written}:${blank}${value}${after}`;
  },
);
const ordinary = fc.constantFrom(
  ...["Accept: */*", "Cookie: a=b", "X: y", DATE, "Cache-Control: no-cache", "Vary: Accept"],
  ...["Sec-Fetch-Dest: script", "Content-Type: application/json", "Connection: keep-alive"],
);
const mixed = fc.oneof(
  { weight: 30, arbitrary: ordinary },
  { weight: 10, arbitrary: line },
  { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 12 }) },
);
const lines = fc.array(mixed, { maxLength: 4 });
const end = fc.constantFrom("\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r");

Deno.test("any request that is read as a whole is passed on as if each field were read", () => {
  const start = fc.constantFrom(
    ...[GET, GET, "POST /a HTTP/1.1", "HEAD / HTTP/1.1", "GET / HTTP/1.0", "GET  / HTTP/1.1"],
    ...[
      "GET / http/1.1",
      "get / HTTP/1.1",
      "GET /\u00e9 HTTP/1.1",
      "G T / HTTP/1.1",
      "GET /\t HTTP/1.1",
    ],
  );
  let plain = 0;
  fc.assert(
    fc.property(start, lines, lines, end, (start, before, after, end) => {
      const text = [start, ...before, "Host: here", ...after].join(end);
      plain += comparedRequest(text) ? 1 : 0;
    }),
    { numRuns: 5_000 },
  );
  assert(plain > 100, `${plain}`);
});

Deno.test("any answer that is read as a whole is passed on as if each field were read", () => {
  const start = fc.constantFrom(
    ...["HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found", "HTTP/1.1 200 "],
    ...["HTTP/1.1 200", "HTTP/1.0 200 OK", "HTTP/1.1 304 Not Modified", "HTTP/1.1 101 Switching"],
    ...["HTTP/1.1 204 No Content", "http/1.1 200 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 200\tOK"],
  );
  const body = fc.constantFrom("Content-Length: 5", "transfer-encoding: chunked", "X: y");
  let plain = 0;
  fc.assert(
    fc.property(start, lines, body, lines, end, (start, before, body, after, end) => {
      plain += comparedResponse([start, ...before, body, ...after].join(end)) ? 1 : 0;
    }),
    { numRuns: 5_000 },
  );
  assert(plain > 100, `${plain}`);
});

/** Whether it is read as a whole. */
function comparedRequest(text: string): boolean {
  const whole = plainRequest(text);
  if (whole === null) return false;
  const request = parseRequest(text);
  const { method, target, version, fields } = request;
  assertEquals({ ...request }, {
    ...{ method: whole.method, target: whole.target, version: whole.version },
    fields: whole.fields,
  });
  assertEquals(requestFraming(whole), requestFraming({ method, target, version, fields }));
  assert(keepsAlive(request) && upgradeOf(request) === null);
  assertEquals(askForPage(request), request);
  const passed = formatRequest({ ...request, fields: requestFields(request, PEER) });
  assertEquals(formatPlainRequest(whole, whole.plain!, PEER), passed);
  return true;
}

/** Whether it is read as a whole. */
function comparedResponse(text: string): boolean {
  const whole = plainResponse(text);
  if (whole === null) return false;
  const response = parseResponse(text);
  const framing = responseFraming("GET", response);
  assertEquals(responseFraming("GET", whole), framing);
  assertEquals(responseFraming("HEAD", whole), responseFraming("HEAD", response));
  assert(keepsAlive(response));
  const request = parseRequest(`${GET}\r\nHost: here`);
  const own = revalidated(relocated(responseFields(response), PORT));
  assertEquals(injectScript(request, { ...response, fields: own }, OPTIONS), null);
  assert(!/^text\/event-stream/i.test(valuesOf(own, "content-type")[0] ?? ""));
  const ending: Field = framing.kind === "chunked"
    ? ["Transfer-Encoding", "chunked"]
    : ["Content-Length", valuesOf(response.fields, "content-length")[0]!];
  const passed = formatResponse({ ...response, fields: [...own, ending] });
  assertEquals(formatPlainResponse(whole, whole.plain!), passed);
  return true;
}

const OPTIONS = {
  about: { run: "r", generation: 1, assets: 0 },
  decompress: () => {
    throw new Error("Nothing is to be changed");
  },
  onForbidden() {},
};
