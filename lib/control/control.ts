import { join } from "@std/path";
import type { Supervisor } from "../act/supervise.ts";
import type { Platform } from "../platform/platform.ts";
import type { Item } from "../report/item.ts";
import type { Settings } from "../settings.ts";
import type { RecordKeeper } from "../state/record.ts";
import type { Store } from "../state/store.ts";
import { VERSION } from "../version.ts";
import type { Watch } from "../watch/watch.ts";
import { SOCKET_NAME } from "./find.ts";
import { Journal } from "./journal.ts";
import type { Status } from "./answers.ts";
import { CONTROL_PROTOCOL } from "./protocol.ts";
import { type Commands, ControlServer } from "./server.ts";
import { statusOf } from "./status.ts";

export interface ControlSurroundings {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly store: Pick<Store, "dir" | "ensure">;
  readonly watch: Pick<Watch, "differences">;
  /** A private folder with a short path. Throws `PlatformError`. */
  pipeFolder(): string;
  record(): Pick<RecordKeeper, "control">;
  supervisor(): Pick<Supervisor, "machine" | "restart" | "stop">;
  log(item: Item): void;
}

/** What can be asked of a run from outside: over the control socket, and by who embeds baton. */
export class Control {
  readonly #with: ControlSurroundings;
  readonly #journal = new Journal();
  readonly #server: ControlServer;
  #isWatching = false;

  constructor(surroundings: ControlSurroundings) {
    this.#with = surroundings;
    const { platform, store, log } = surroundings;
    this.#server = new ControlServer({
      platform,
      commands: this.#commands,
      addresses: () => {
        store.ensure();
        return [store.dir, surroundings.pipeFolder()].map((folder) => join(folder, SOCKET_NAME));
      },
      opened: (address) =>
        surroundings.record().control({ address, protocol: CONTROL_PROTOCOL, version: VERSION }),
      left: () => {},
      onTrouble: (trouble) => log({ type: "warning", ...trouble }),
    });
  }

  readonly #commands: Commands = {
    status: () => this.status(),
    restart: () => {
      this.#with.supervisor().restart();
      return {};
    },
    logs: ({ lines }) => ({ lines: this.logs(lines) }),
    stop: () => {
      this.#with.supervisor().stop("baton stop");
      return {};
    },
  };

  /** What baton tells. The socket is opened once the program was started. */
  note(item: Item): void {
    const { platform, settings } = this.#with;
    const view = { interactive: false, onTerminal: false, causeOf: () => undefined };
    this.#journal.note(item, { ...view, cwd: settings.cwd, now: platform.clock.wallNow() });
    if (item.type === "armed") this.#isWatching = true;
    if (item.type === "started") this.#server.keep();
  }

  /** What the program writes. */
  write(chunk: Uint8Array): void {
    this.#journal.write(chunk);
  }

  status(): Status {
    const { platform, settings, store, watch, supervisor } = this.#with;
    return statusOf({
      ...{ platform, settings, stateDir: store.dir, machine: supervisor().machine },
      isWatching: this.#isWatching,
      differences: (generation) => watch.differences(generation),
    });
  }

  logs(lines: number): string[] {
    return this.#journal.lines(lines);
  }

  close(): void {
    this.#server.close();
  }
}
