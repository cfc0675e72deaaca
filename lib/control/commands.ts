import type { Store } from "../state/store.ts";
import type { HoldInfo, Released, Rewound, Status, Verdict } from "./answers.ts";
import { keptStates } from "./kept_states.ts";
import type { Commands } from "./server.ts";

/** What the commands are done with. */
export interface Commanded {
  readonly store: Pick<Store, "dir" | "list">;
  status(): Status;
  restart(): void;
  wait(timeoutMs: number): Promise<Verdict>;
  hold(name: string, forMs: number, owner: object | null): Promise<HoldInfo>;
  release(name: string, waitMs: number | null): Promise<Released>;
  rewind(back: number | null, options: { readonly files: boolean }): Promise<Rewound>;
  logs(lines: number): string[];
  stop(by: string): void;
}

/** What is done about each request of the control socket. */
export function commandsOf(run: Commanded): Commands {
  return {
    status: () => run.status(),
    restart: () => {
      run.restart();
      return {};
    },
    wait: ({ timeoutMs }) => run.wait(timeoutMs),
    hold: ({ name, forMs, withConnection }, owner) =>
      run.hold(name, forMs, withConnection ? owner : null),
    release: ({ name, wait, timeoutMs }) => run.release(name, wait ? timeoutMs : null),
    rewind: ({ back, files }) => run.rewind(back, { files }),
    state: () => keptStates(run.store),
    logs: ({ lines }) => ({ lines: run.logs(lines) }),
    stop: () => {
      run.stop("baton stop");
      return {};
    },
  };
}
