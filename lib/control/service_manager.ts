import type { Explanation } from "../errors.ts";
import { reasonOf, refusedBySystem } from "../explain.ts";
import type { Platform } from "../platform/platform.ts";
import type { Item, ItemOf } from "../report/item.ts";

/**
 * Tells the service manager how it stands, by sd_notify(3), where it wants to know: a unit with `Type=notify` counts
 * as started once the program is ready.
 */
export class ServiceManager {
  readonly #platform: Pick<Platform, "sockets">;
  readonly #onTrouble: (trouble: Explanation) => void;
  #socket: string | null;
  #isReady = false;

  constructor(
    platform: Pick<Platform, "sockets" | "env">,
    onTrouble: (trouble: Explanation) => void,
  ) {
    this.#platform = platform;
    this.#onTrouble = onTrouble;
    const { NOTIFY_SOCKET: socket = "" } = platform.env();
    this.#socket = /^[/@]/.test(socket) ? socket : null;
  }

  ready({ generation }: ItemOf<"ready">): void {
    const status = `STATUS=Generation ${generation} runs`;
    this.#send(this.#isReady ? status : `READY=1\n${status}`);
    this.#isReady = true;
  }

  note(item: Item): void {
    if (item.type === "candidate failed" && item.live !== null) {
      this.#send(`STATUS=Generation ${item.live} runs; generation ${item.generation} has failed`);
    } else if (item.type === "ended") {
      this.#send(`STATUS=Generation ${item.generation} has ended`);
    } else if (item.type === "stopping") this.#send("STOPPING=1");
  }

  #send(text: string): void {
    if (this.#socket === null) return;
    try {
      this.#platform.sockets.send(this.#socket, text);
    } catch (error) {
      this.#onTrouble({
        what: `The service manager is not told: ${reasonOf(refusedBySystem(error))}`,
        where: "NOTIFY_SOCKET",
        next: "See that the unit's NotifyAccess lets baton say it",
      });
      this.#socket = null;
    }
  }
}
