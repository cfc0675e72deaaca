import { LIBC_FILE } from "../linux/libc.ts";

type Definitions = Readonly<Record<string, Deno.ForeignFunction>>;

/** Functions of the C library, to be closed when the last call has returned. */
export interface DenoCalls<Defined extends Definitions> {
  readonly calls: {
    readonly [Name in keyof Defined]: Deno.UnsafeFnPointer<Defined[Name]>["call"];
  };
  close(): void;
}

/**
 * Opens functions that are called now and then; null where the library lacks one. These calls are interpreted,
 * which takes microseconds; to compile one, as `Deno.dlopen` does, takes a quarter of a millisecond.
 */
export function openCalls<const Defined extends Definitions>(
  definitions: Defined,
): DenoCalls<Defined> | null {
  const names = Object.keys(definitions);
  const library = openLibrary(
    Object.fromEntries(names.map((name) => {
      return [name, { type: "pointer" as const, name: definitions[name]!.name ?? name }];
    })),
  );
  if (library === null) return null;
  const calls = names.map((name) => {
    const pointer = library.symbols[name] as Deno.PointerObject<Deno.ForeignFunction>;
    const call = new Deno.UnsafeFnPointer<Deno.ForeignFunction>(pointer, definitions[name]!);
    return [name, call.call.bind(call)];
  });
  return { calls: Object.fromEntries(calls), close: () => library.close() };
}

/** Null where it is not there, lacks one of these, or may not be called without asking. */
export function openLibrary<Symbols extends Deno.ForeignLibraryInterface>(
  symbols: Symbols,
): Deno.DynamicLibrary<Symbols> | null {
  const { state } = Deno.permissions.querySync({ name: "ffi", path: LIBC_FILE });
  if (state !== "granted") return null;
  try {
    return Deno.dlopen(LIBC_FILE, symbols);
  } catch {
    return null; // Another libc, say.
  }
}
