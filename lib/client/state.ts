import { messageOf } from "../errors.ts";
import type { ClientHost } from "../platform/client_host.ts";
import type { Component } from "./components.ts";

/** Size and digest of a written state, as baton is told. */
export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The state as bytes: what `save` returns, with a key for each component that saves a part; `null` where
 * nothing saves. Rejects where something throws, or returns what JSON cannot hold.
 */
export async function collectState(
  save: (() => unknown) | null,
  components: readonly Component[],
): Promise<Uint8Array> {
  const saving = components.filter((component) => component.save !== undefined);
  let state: unknown = save === null ? null : await save();
  if (saving.length > 0) {
    if (save !== null && !isRecord(state)) {
      throw new Error("With components that save, onSave must return an object");
    }
    const whole: Record<string, unknown> = { ...state as object | null };
    for (const { name, save } of saving) {
      try {
        whole[name] = await save?.();
      } catch (error) {
        throw new Error(`Component "${name}" cannot save: ${messageOf(error)}`, { cause: error });
      }
    }
    state = whole;
  }
  const json: string | undefined = JSON.stringify(state);
  if (json === undefined) throw new Error("onSave returned nothing that JSON can hold");
  return new TextEncoder().encode(json);
}

/** Puts a state where the next generation finds it: whole, synced, or not at all. */
export function writeState(
  host: Pick<ClientHost, "writeAtomicallySynced" | "sha256">,
  path: string,
  state: Uint8Array,
): Written {
  host.writeAtomicallySynced(path, state);
  return { bytes: state.length, sha256: host.sha256(state) };
}

/** The state that was left at `path`; throws where it is not there or is not JSON. */
export function readState(host: Pick<ClientHost, "readBytes">, path: string): unknown {
  const bytes = host.readBytes(path);
  if (bytes === null) throw new Error(`The state "${path}" is gone`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Error(`Cannot read the state "${path}" as JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
