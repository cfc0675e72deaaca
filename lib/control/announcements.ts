import type { Explanation } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { Item } from "../report/item.ts";
import type { Place } from "../report/place.ts";
import type { Settings } from "../settings.ts";
import { FirstReady } from "./first_ready.ts";
import { Hooks } from "./hooks.ts";
import { ServiceManager } from "./service_manager.ts";

export interface AnnouncementSources {
  readonly platform: Platform;
  readonly settings: Settings;
  placeIn(lines: readonly string[]): Place | null;
  onTrouble(trouble: Explanation): void;
}

/** Tells others how the program does: the commands of `--on-ready` and `--on-fail`, and a service manager. */
export class Announcements {
  readonly #hooks: Hooks;
  readonly #manager: ServiceManager;
  readonly #firstReady: FirstReady;

  constructor({ platform, settings, placeIn, onTrouble }: AnnouncementSources) {
    this.#hooks = new Hooks({ platform, settings, onTrouble, placeIn });
    this.#manager = new ServiceManager(platform, onTrouble);
    this.#firstReady = new FirstReady(platform.clock, (ready) => {
      this.#hooks.ready(ready);
      this.#manager.ready(ready);
    });
  }

  note(item: Item): void {
    this.#hooks.note(item);
    this.#manager.note(item);
    this.#firstReady.note(item);
  }

  close(): void {
    this.#firstReady.close();
    this.#hooks.close();
  }
}
