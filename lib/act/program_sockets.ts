import type { EffectOf } from "../decide/effect.ts";
import type { Child } from "./child.ts";
import type { ChildEvent } from "./child_event.ts";
import type { RunnerOptions } from "./runner_options.ts";
import { ComponentChecks } from "./component_check.ts";
import { Front } from "./front.ts";
import { ServingWatch } from "./serving_watch.ts";
import { SocketChecks } from "./socket_check.ts";

/** What is looked at from outside of the sockets that the generations have: those that baton holds, and their own. */
export class ProgramSockets {
  readonly #checks: SocketChecks;
  readonly #serving: ServingWatch;
  readonly #components: ComponentChecks;
  readonly front: Front;

  constructor(options: RunnerOptions, children: ReadonlyMap<number, Child>) {
    const living = (generation: number) =>
      children.get(generation)?.processes({ again: true }) ?? [];
    this.#checks = new SocketChecks({
      ...options,
      bootTimeoutMs: options.settings.bootTimeoutMs,
      processes: (generation) =>
        generation === undefined ? [...children.keys()].flatMap(living) : living(generation),
    });
    this.#components = new ComponentChecks(options);
    this.front = new Front({ ...options, children });
    this.#serving = new ServingWatch(
      options.platform,
      living,
      (generation, at) => options.post({ type: "listener closed", generation, at }),
    );
  }

  started(generation: number): void {
    this.#checks.start(generation);
    this.front.started(generation);
  }

  /** It serves, and baton waits for another thing. */
  lookAhead(generation: number): void {
    this.#serving.prepare(generation);
  }

  /** It is about to be asked to stop. */
  ask({ generation, reason }: EffectOf<"ask">): void {
    this.#components.stop(generation);
    this.front.leave(generation);
    this.#checks.stop(generation);
    if (reason !== "stop") this.#serving.start(generation);
  }

  hear(generation: number, event: ChildEvent): void {
    this.#serving.hear(generation, event);
    this.#components.hear(generation, event);
  }

  /** It was told to end. */
  signal(generation: number): void {
    this.#components.stop(generation);
    this.front.leave(generation);
    this.#checks.stop(generation);
  }

  gone(generation: number): void {
    this.front.gone(generation);
    this.#checks.stop(generation);
    this.#serving.forget(generation);
    this.#components.gone(generation);
  }

  close(): void {
    this.front.close();
    this.#checks.stopAll();
    this.#serving.close();
    this.#components.close();
  }
}
