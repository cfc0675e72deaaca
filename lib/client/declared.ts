import type { Capability, Hello } from "../protocol/message.ts";
import type { Component } from "./components.ts";

/** What a program declares: its components, how its state is saved, what it can do. */
export class Declared {
  readonly #components: Component[] = [];
  readonly #isExclusive: boolean;
  hasBarrier = false;
  save: (() => unknown) | null = null;

  constructor(isExclusive: boolean) {
    this.#isExclusive = isExclusive;
  }

  get components(): readonly Component[] {
    return this.#components;
  }

  /** Throws `RangeError` where there is one of that name. */
  add(component: Component): void {
    if (this.#components.some(({ name }) => name === component.name)) {
      throw new RangeError(`There is a component "${component.name}" already`);
    }
    this.#components.push(component);
  }

  /** As a hello says it. */
  toHello(): Pick<Hello, "capabilities" | "components"> {
    const offers: Record<Capability, boolean> = {
      handoff: this.hasBarrier,
      checkpoint: this.save !== null || this.#components.some(({ save }) => save !== undefined),
      exclusive: this.#isExclusive,
    };
    return {
      capabilities: Object.entries(offers).filter(([, offered]) => offered).map(([name]) => name),
      components: this.#components.map(({ name, timeoutMs, serves }) =>
        serves ? { name, timeoutMs, serves } : { name, timeoutMs }
      ),
    };
  }
}
