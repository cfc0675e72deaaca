/** The client: its folder, or the one file that it was bundled to. */
export const OWN = import.meta.url.replace(/hot\/caller\.ts$/, "");

/** The module that calls a function of the client, by the stack; null where that does not tell. */
export function callerOf(stack: string | undefined): string | null {
  for (const line of stack?.split("\n").slice(1) ?? []) {
    const place = /((?:file:\/\/)?\/[^\s()]+?):\d+(?::\d+)?\)?$/.exec(line.trim())?.[1];
    if (place === undefined) continue;
    const url = place.startsWith("file:") ? place : `file://${place}`;
    if (!url.startsWith(OWN)) return url;
  }
  return null;
}
