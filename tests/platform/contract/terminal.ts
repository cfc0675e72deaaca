import process from "node:process";
import { assertEquals } from "@std/assert";
import { waitUntil } from "../../support/wait_until.ts";
import type { Clause } from "../contract.ts";

export const terminalContract: readonly Clause[] = [
  {
    name: "a signal calls instead of what the system would do, until it is cancelled",
    async keep(platform) {
      let calls = 0;
      const cancels = [
        platform.onSignal("SIGHUP", () => calls++),
        platform.onSignal("SIGHUP", () => calls++),
      ];
      process.kill(process.pid, "SIGHUP");
      await waitUntil("both are called", (saw) => saw(calls) === 2);
      cancels[0]!();
      process.kill(process.pid, "SIGHUP");
      await waitUntil("one is called", (saw) => saw(calls) === 3);
      cancels[1]!();
      assertEquals(calls, 3);
    },
  },
];
