import type { Platform } from "../platform/platform.ts";
import type { Envelope, Reading } from "./envelope.ts";
import { reasonOf, refusedBySystem } from "./fault.ts";
import { compare, measure, type Refusal } from "./measure.ts";
import { unseal } from "./seal.ts";
import type { Slot } from "./shelf.ts";

/** Reads a stored state back and believes it only if its bytes are those that its envelope names. */
export function judge(platform: Platform, slot: Slot): Reading {
  const path = slot.state;
  const measured = measure(platform, path);
  if (measured === null) return { found: "missing" };
  if ("why" in measured) return { ...measured, path };
  const envelope = readEnvelope(platform, slot.envelope);
  if ("why" in envelope) return { ...envelope, path };
  const refusal = compare(measured, envelope);
  return refusal === null ? { found: "good", path, envelope } : { ...refusal, path };
}

function readEnvelope(platform: Platform, path: string): Envelope | Refusal {
  try {
    return unseal(platform, platform.files.readText(path));
  } catch (error) {
    const refusal = refusedBySystem(error);
    if (refusal.code === "ENOENT") return { found: "torn", why: "has no envelope" };
    return { found: "corrupt", why: `its envelope cannot be read: ${reasonOf(refusal)}` };
  }
}
