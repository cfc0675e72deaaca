import { messageOf } from "../errors.ts";
import type { ClientHost } from "./host.ts";
import type { Component } from "./components.ts";

/**
 * The state as bytes: what `save` returns, with a key for each component that saves a part. Rejects where
 * nothing saves, something throws, or returns what JSON cannot hold.
 */
export async function collectState(
  save: (() => unknown) | null,
  components: readonly Component[],
): Promise<Uint8Array> {
  const saving = components.filter((component) => component.save !== undefined);
  if (save === null && saving.length === 0) {
    throw new Error("Nothing saves: call onSave, or give a component a save function");
  }
  let state = await save?.();
  if (saving.length > 0) {
    if (save !== null && !isRecord(state)) {
      throw new Error("With components that save, onSave must return an object");
    }
    const whole: Record<string, unknown> = { ...state as object | undefined };
    for (const { name, save, held } of saving) {
      try {
        whole[name] = held === undefined ? await save?.() : held.saved;
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
