import process from "node:process";
import { LIBC_FILE } from "../linux/libc.ts";

const SYMBOLS = {
  getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
  getrlimit: { args: ["i32", "ptr"], returns: "i32" },
  setrlimit: { args: ["i32", "ptr"], returns: "i32" },
  prctl: { args: ["i32", "i32"], returns: "i32" },
  tcgetattr: { args: ["i32", "ptr"], returns: "i32" },
  tcsetattr: { args: ["i32", "i32", "ptr"], returns: "i32" },
  tcgetpgrp: { args: ["i32"], returns: "i32" },
  getpgrp: { args: [], returns: "i32" },
  mkfifo: { args: ["ptr", "u32"], returns: "i32" },
  waitid: { args: ["i32", "i32", "ptr", "i32"], returns: "i32" },
} as const;

type Function = (...values: readonly (number | NodeJS.TypedArray)[]) => number;
type Calls = Readonly<Record<keyof typeof SYMBOLS, Function>>;

interface Ffi {
  dlopen(file: string, symbols: typeof SYMBOLS): { readonly symbols: Calls };
}

let calls: Calls | null | undefined;

/** Functions of the C library that are called now and then; opened once. Null where they cannot be called. */
export function foreignCalls(): Calls | null {
  return calls = calls === undefined ? open() : calls;
}

function open(): Calls | null {
  if (process.platform !== "linux") return null;
  try {
    const ffi = process.getBuiltinModule("bun:ffi") as Ffi | undefined;
    return ffi?.dlopen(LIBC_FILE, SYMBOLS).symbols ?? null;
  } catch {
    return null; // Another libc, say.
  }
}
