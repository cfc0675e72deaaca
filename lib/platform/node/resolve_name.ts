import { isIP } from "node:net";

/** The IP addresses of a name, IPv4 first, as the system's resolver tells them; none where it has none. */
export async function resolveName(name: string): Promise<string[]> {
  if (isIP(name) !== 0) return [name];
  const { lookup } = await import("node:dns/promises"); // only here: most name no host
  try {
    const found = await lookup(name, { all: true });
    return found.toSorted((a, b) => a.family - b.family).map(({ address }) => address);
  } catch (error) {
    if (error instanceof Error && "code" in error) return []; // ENOTFOUND, EAI_AGAIN …
    throw error;
  }
}
