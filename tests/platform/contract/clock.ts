import { assert, assertEquals } from "@std/assert";
import type { Clause } from "../contract.ts";

export const clockContract: readonly Clause[] = [
  {
    name: "the clock calls once, no sooner than asked, and keeps to the order",
    async keep({ clock }) {
      const startedAt = clock.now();
      const order: string[] = [];
      await new Promise<void>((resolve) => {
        clock.after(20, () => resolve(void order.push("late")));
        clock.after(1, () => order.push("early"));
      });
      assertEquals(order, ["early", "late"]);
      assert(clock.now() - startedAt >= 19, "came too soon");
      assert(Math.abs(clock.wallNow() - Date.now()) < 1_000);
    },
  },
  {
    name: "a cancelled timer does not fire",
    async keep({ clock }) {
      const fired: string[] = [];
      const cancel = clock.after(1, () => fired.push("cancelled"));
      cancel();
      cancel();
      await new Promise<void>((resolve) => clock.after(10, resolve));
      assertEquals(fired, []);
    },
  },
];
