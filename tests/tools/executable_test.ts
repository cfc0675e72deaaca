import { assertEquals } from "@std/assert";
import { fits, machineOf } from "../../tools/executable.ts";

/** The beginning of an executable: bytes at offsets. */
function image(parts: Readonly<Record<number, readonly number[]>>): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const [offset, values] of Object.entries(parts)) bytes.set(values, Number(offset));
  return bytes;
}

const elf = (machine: number) => image({ 0: [0x7f, 0x45, 0x4c, 0x46], 18: [machine] });
const machO = (cpu: number) => image({ 0: [0xcf, 0xfa, 0xed, 0xfe], 4: [cpu, 0, 0, 1] });
const pe = (low: number, high: number) =>
  image({ 0: [0x4d, 0x5a], 0x3c: [0x80], 0x80: [0x50, 0x45, 0, 0, low, high] });

const IMAGES: Readonly<Record<string, Uint8Array>> = {
  "x86_64-unknown-linux-gnu": elf(0x3e),
  "aarch64-unknown-linux-gnu": elf(0xb7),
  "x86_64-apple-darwin": machO(0x07),
  "aarch64-apple-darwin": machO(0x0c),
  "x86_64-pc-windows-msvc": pe(0x64, 0x86),
};

Deno.test("an executable fits its own target and no other", () => {
  for (const [made, bytes] of Object.entries(IMAGES)) {
    for (const target of Object.keys(IMAGES)) {
      assertEquals(fits(target, machineOf(bytes)!), made === target, `${made} for ${target}`);
    }
  }
});

Deno.test("what is no executable is for no machine", () => {
  const none = [
    new Uint8Array(0),
    new TextEncoder().encode("#!/bin/sh"),
    elf(0x08),
    new Uint8Array(64),
  ];
  assertEquals(none.map(machineOf), [null, null, null, null]);
  assertEquals(machineOf(pe(0x64, 0x86).subarray(0, 0x70)), null);
});

Deno.test("Deno itself is for this machine", () => {
  const bytes = Deno.readFileSync(Deno.execPath()).subarray(0, 4_096);
  assertEquals(fits(Deno.build.target, machineOf(bytes)!), true);
});
