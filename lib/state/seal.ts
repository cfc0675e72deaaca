import type { Platform } from "../platform/platform.ts";
import { messageOf } from "../errors.ts";
import { type Envelope, FORMAT } from "./envelope.ts";
import type { Refusal } from "./measure.ts";

type Digests = Pick<Platform, "sha256">;

/** The envelope as JSON, with a SHA-256 of itself in `seal`, so that no byte of it can change unseen. */
export function seal(digests: Digests, envelope: Envelope): string {
  const body = new TextEncoder().encode(JSON.stringify(envelope));
  return JSON.stringify({ ...envelope, seal: digests.sha256(body) });
}

/** What `seal` wrote, or why the text cannot be believed. */
export function unseal(digests: Digests, text: string): Envelope | Refusal {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { found: "torn", why: `its envelope is half-written: ${messageOf(error)}` };
  }
  // The seal proves that baton wrote these fields; nothing is read from them before it holds, but the format.
  const { seal: _, ...envelope } = Object(parsed) as Envelope & { seal: string };
  if (envelope.format > FORMAT) {
    const formats = `format ${envelope.format}, this one reads ${FORMAT}`;
    const step = 'to resume it, move it and its ".json" back to "good" and run that baton';
    return { found: "corrupt", why: `was written by a newer baton (${formats}): ${step}` };
  }
  if (seal(digests, envelope) !== text) {
    return { found: "corrupt", why: "its envelope was changed after it was written" };
  }
  return envelope;
}
