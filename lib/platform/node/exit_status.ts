import { constants } from "node:os";
import type { ExitStatus } from "../platform.ts";

/** How a process ended that a signal killed: its name, or its number, as real-time signals have no name. */
export function killedBy(signal: string | number): ExitStatus {
  const signals = Object.entries(constants.signals);
  const [name, number] = typeof signal === "string"
    ? [signal, signals.find(([known]) => known === signal)?.[1] ?? 0]
    : [signals.find(([, known]) => known === signal)?.[0] ?? `SIG${signal}`, signal];
  return { kind: "signaled", signal: name, code: 128 + number };
}
