/** The client's folder, or the one file that it was bundled to; undefined in CommonJS, where bundlers leave it out. */
const OWN = (import.meta.url as string | undefined)?.replace(/hot\/caller\.ts$/, "");

/** Whether a place is in the client, as far as that is known. */
export function isOwn(url: string): boolean {
  return OWN !== undefined && url.startsWith(OWN);
}

/** The module that calls a function of the client, by the stack; null where that does not tell. */
export function callerOf(stack: string | undefined): string | null {
  for (const line of stack?.split("\n").slice(1) ?? []) {
    const place = /((?:file:\/\/)?\/[^\s()]+?):\d+(?::\d+)?\)?$/.exec(line.trim())?.[1];
    if (place === undefined) continue;
    const url = place.startsWith("file:") ? place : `file://${place}`;
    if (!isOwn(url)) return url;
  }
  return null;
}
