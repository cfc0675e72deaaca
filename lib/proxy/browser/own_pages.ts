/** What baton itself answers below `/_baton/`: the script in pages, the status page, events, and three actions. */
import type { Answer } from "../answer.ts";
import { type Field, valuesOf } from "../head.ts";
import type { OwnHandler, OwnRequest } from "../seams.ts";
import { ASSETS } from "./assets.ts";
import type { EventFeed } from "./event_feed.ts";

/** What the status page may ask for. */
export interface Actions {
  restart(): void;
  pause(): void;
  resume(): void;
}

export interface OwnPages {
  readonly feed: EventFeed;
  readonly actions: Actions;
  /** Of this run: a page that does not know it may ask for nothing. */
  readonly token: string;
}

/** Of baton's own pages: nothing from elsewhere, nowhere framed, nothing inline. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Which of baton's files are where. */
const FILES: Readonly<Record<string, readonly [name: keyof typeof ASSETS, type: string]>> = {
  "/_baton/client.js": ["client.js", "text/javascript"],
  "/_baton/status.js": ["status.js", "text/javascript"],
  "/_baton/status.css": ["status.css", "text/css"],
  "/_baton/": ["status.html", "text/html"],
};

export function ownPages({ feed, actions, token }: OwnPages): OwnHandler {
  const answerAction = (request: OwnRequest, name: string): Answer => {
    if (!Object.hasOwn(actions, name)) return plain(404, "Nothing is here");
    if (request.method !== "POST") return plain(405, "Ask with POST", [["Allow", "POST"]]);
    if (!isFromOwnPage(request, token)) {
      return plain(403, "Only baton's own status page may ask for this: load it anew");
    }
    actions[name as keyof Actions]();
    return { status: 204, fields: [], body: "" };
  };
  return (request) => {
    const [path = "", query] = request.target.split("?");
    if (path === "/_baton/events" && isReading(request)) {
      return events(feed.subscribe({ detailed: query === "details", signal: request.signal }));
    }
    const file = FILES[path];
    if (file === undefined) return answerAction(request, path.slice("/_baton/".length));
    if (!isReading(request)) return plain(405, "Ask with GET", [["Allow", "GET, HEAD"]]);
    const [name, type] = file;
    return {
      status: 200,
      fields: [
        ["Content-Type", `${type}; charset=utf-8`],
        ["Cache-Control", query === undefined ? "no-cache" : "private, max-age=86400, immutable"],
        ["X-Content-Type-Options", "nosniff"],
        ["Cross-Origin-Resource-Policy", "same-origin"],
        ...type === "text/html" ? [["Content-Security-Policy", POLICY] as const] : [],
        // A frame in a sandbox is of no origin, and would complain; the script is the same for everybody.
        ...name === "client.js" ? [["Access-Control-Allow-Origin", "null"] as const] : [],
      ],
      body: ASSETS[name].replace("TOKEN", token),
    };
  };
}

function isReading({ method }: OwnRequest): boolean {
  return method === "GET" || method === "HEAD";
}

/** Another site can send a POST here, but neither read the token nor say that it comes from here. */
function isFromOwnPage({ fields }: OwnRequest, token: string): boolean {
  const [origin] = valuesOf(fields, "origin");
  const [host] = valuesOf(fields, "host");
  const isSameOrigin = origin !== undefined && URL.canParse(origin) &&
    new URL(origin).host === host?.toLowerCase();
  return isSameOrigin && valuesOf(fields, "x-baton-token")[0] === token;
}

function events(body: AsyncIterable<Uint8Array>): Answer {
  return {
    status: 200,
    fields: [
      ["Content-Type", "text/event-stream"],
      ["Cache-Control", "no-store"],
      ["X-Accel-Buffering", "no"],
    ],
    body,
  };
}

function plain(status: number, text: string, more: readonly Field[] = []): Answer {
  return {
    status,
    fields: [["Content-Type", "text/plain; charset=utf-8"], ...more],
    body: `${text}\n`,
  };
}
