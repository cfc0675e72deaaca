import type { Platform } from "../platform/platform.ts";
import { type Envelope, FORMAT, type Reading } from "./envelope.ts";
import { reasonOf, refusedBySystem } from "../explain.ts";
import { checksumOf, compare, type Refusal } from "./checksum.ts";
import { parse, type Sealer } from "./sealer.ts";
import type { Slot } from "./slots.ts";

const MAX_ENVELOPE_BYTES = 65_536;

/** An envelope under another number would pass for a newer state. */
const purposeOf = ({ number }: Pick<Slot, "number">) => `state ${number}`;

/** The envelope as it is kept beside its state. */
export function sealEnvelope(
  sealer: Sealer,
  slot: Pick<Slot, "number">,
  envelope: Envelope,
): string {
  return sealer.seal(purposeOf(slot), envelope);
}

/** Reads a stored state back and believes it only if its bytes are those that its envelope names. */
export function verify(platform: Platform, sealer: Sealer, slot: Slot): Reading {
  const path = slot.state;
  const found = checksumOf(platform, path);
  if (found === null) return { found: "missing" };
  if ("why" in found) return { ...found, path };
  const envelope = readEnvelope(platform, sealer, slot);
  if ("why" in envelope) return { ...envelope, path };
  const refusal = compare(found, envelope);
  return refusal === null ? { found: "good", path, envelope } : { ...refusal, path };
}

function readEnvelope({ files }: Platform, sealer: Sealer, slot: Slot): Envelope | Refusal {
  try {
    const bytes = files.readRegular(slot.envelope, { maxBytes: MAX_ENVELOPE_BYTES, follow: false });
    return openEnvelope(sealer, slot, new TextDecoder().decode(bytes));
  } catch (error) {
    const refusal = refusedBySystem(error);
    if (refusal.code === "ENOENT") return { found: "torn", why: "has no envelope" };
    return { found: "corrupt", why: `its envelope cannot be read: ${reasonOf(refusal)}` };
  }
}

/** What `sealEnvelope` wrote, or why the text cannot be believed. */
function openEnvelope(sealer: Sealer, slot: Slot, text: string): Envelope | Refusal {
  const parsed = parse(text);
  if (parsed === undefined) return { found: "torn", why: "its envelope is half-written" };
  // The seal proves that baton wrote these fields; nothing is read from them before it holds, but the format.
  const { format } = Object(parsed) as Partial<Envelope>;
  if (format !== undefined && format > FORMAT) {
    const formats = `format ${format}, this one reads ${FORMAT}`;
    const step = 'to resume it, move it and its ".json" back to "good" and run that baton';
    return { found: "corrupt", why: `was written by a newer baton (${formats}): ${step}` };
  }
  const envelope = sealer.open(purposeOf(slot), text);
  if (envelope !== null) return envelope as Envelope;
  return {
    found: "corrupt",
    why: "its envelope was changed after it was written, or was not made here by this user's baton",
  };
}
