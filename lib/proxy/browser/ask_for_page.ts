import type { Encoding } from "../../platform/platform.ts";
import { type Field, type RequestHead, valuesOf } from "../head.ts";

/** What pages may be compressed with. */
export const DECODABLE: readonly string[] = [
  "gzip",
  "x-gzip",
  "deflate",
  "br",
] satisfies Encoding[];

/** They ask whether the page has changed, and it has: it got another tag. */
const CONDITIONS = ["if-none-match", "if-modified-since"];

/** Whether a page of its own is asked for; null where nobody can tell. */
export function isForPage(fields: readonly Field[]): boolean | null {
  const wanted = valuesOf(fields, "sec-fetch-dest")[0]?.toLowerCase();
  if (valuesOf(fields, "sec-fetch-mode")[0]?.toLowerCase() === "navigate") {
    // A service worker that passes a page's request on asks for nothing ("empty"), as what is only to be kept does.
    return wanted !== "empty" || acceptsPages(fields);
  }
  if (wanted !== undefined) {
    return ["document", "iframe", "frame", "embed", "object"].includes(wanted);
  }
  const isByScript = ["x-requested-with", "hx-request", "turbo-frame", "x-pjax", "x-inertia"]
    .some((name) => valuesOf(fields, name).length > 0);
  return isByScript ? false : null;
}

/**
 * The same request so that its answer can get the script: whole, though the browser may keep the page from when it
 * had none, and compressed with nothing that cannot be decoded.
 */
export function askForPage(request: RequestHead): RequestHead {
  if (request.method !== "GET" || !isBrowsing(request.fields)) return request;
  const fields = request.fields
    .filter(([name]) => !CONDITIONS.includes(name.toLowerCase()))
    .map(([name, value]): Field => [
      name,
      name.toLowerCase() === "accept-encoding" ? decodableOf(value) : value,
    ]);
  return { ...request, fields };
}

/** Sec-Fetch-Dest is sent to no address but those of this machine, and over TLS. */
function isBrowsing(fields: readonly Field[]): boolean {
  return isForPage(fields) ?? acceptsPages(fields);
}

function acceptsPages(fields: readonly Field[]): boolean {
  return valuesOf(fields, "accept").some((value) => /\btext\/html\b/i.test(value));
}

function decodableOf(codings: string): string {
  const kept = codings.split(",").map((coding) => coding.trim()).filter((coding) => {
    const [name = ""] = coding.split(";");
    return [...DECODABLE, "identity", "*"].includes(name.trim().toLowerCase());
  });
  return kept.join(", ") || "identity";
}
