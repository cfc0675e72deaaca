import { LOOPBACK } from "../settings.ts";
import type { Answer } from "./answer.ts";
import { type RequestHead, valuesOf } from "./head.ts";

/** What is below it is for baton itself. */
export const OWN_PATH = "/_baton/";

export function isOwn({ target }: RequestHead): boolean {
  return target.startsWith(OWN_PATH);
}

/**
 * Whether baton answers for itself under this name: a page of another site can have its name lead to this
 * machine (DNS rebinding), but not have a browser ask for `localhost` or an address.
 */
export function isOwnHost({ fields }: RequestHead, names: readonly string[]): boolean {
  const host = valuesOf(fields, "host")[0]?.toLowerCase() ?? LOOPBACK;
  const name = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/.exec(host)?.[1]?.replace(/\.$/, "");
  if (name === undefined) return false;
  const isAddress = name.startsWith("[") || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
  return isAddress || name === "localhost" || name.endsWith(".localhost") ||
    names.some((each) => each.toLowerCase() === name);
}

export function forbidden(): Answer {
  const body = "Baton answers for itself only at localhost, at an IP address, and at what " +
    '"--proxy-host" names\n';
  return { status: 403, fields: [["Content-Type", "text/plain; charset=utf-8"]], body };
}
