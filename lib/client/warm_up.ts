import type { ClientHost } from "./host.ts";

/** For as long as the generation before still stops: between the steps `start` is heard. */
export async function warmUp(
  { warmUps, turn }: Pick<ClientHost, "warmUps" | "turn">,
  isAtBarrier: () => boolean,
): Promise<void> {
  for (const step of warmUps) {
    await turn();
    if (!isAtBarrier()) return;
    step();
  }
}
