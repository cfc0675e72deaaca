import { parse } from "../state/sealer.ts";
import { VERSION } from "../version.ts";
import { type AnswerLine, controlMessages, type RequestName } from "./messages.ts";
import { CONTROL_PROTOCOL, ofAnother } from "./protocol.ts";

/** A request that fits its schema. */
export interface ReadRequest {
  readonly id: number;
  readonly name: RequestName;
  readonly request: unknown;
}

/** Reads one line; what does not fit becomes the line to answer it with, by the baton of process `pid`. */
export function readRequest(
  text: string,
  pid: number,
): ReadRequest | Extract<AnswerLine, { error: unknown }> {
  const line = Object(parse(text)) as { id?: unknown; type?: unknown; protocol?: unknown };
  const id = typeof line.id === "number" && Number.isSafeInteger(line.id) ? line.id : null;
  const { requests } = controlMessages();
  if (id === null) return wrong(id, "The line is no JSON object with a number for its id");
  const { type, protocol = CONTROL_PROTOCOL } = line;
  if (protocol !== CONTROL_PROTOCOL) return { id, error: ofAnother(pid, VERSION) };
  if (typeof type !== "string" || !Object.hasOwn(requests, type)) {
    const known = Object.keys(requests).join(", ");
    const shown = JSON.stringify(type ?? null).slice(0, 100);
    return wrong(id, `Unknown request ${shown}: this baton knows ${known}`);
  }
  const name = type as RequestName;
  const parsed = requests[name].safeParse(line);
  if (parsed.success) return { id, name, request: parsed.data };
  const [issue] = parsed.error.issues;
  return wrong(id, `"${name}" does not fit: ${issue!.path.join(".")}: ${issue!.message}`);
}

const SEE = "See docs/control.md for what may be said";

function wrong(
  id: number | null,
  what: string,
  next = SEE,
): Extract<AnswerLine, { error: unknown }> {
  return { id, error: { what, next } };
}
