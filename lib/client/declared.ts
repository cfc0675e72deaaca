import type { Capability, Hello } from "../protocol/message.ts";
import { Changes } from "./changes.ts";
import { hotModules } from "./hot/hot.ts";
import { areRecyclable } from "./recycling.ts";
import type { ComponentOptions } from "./baton.ts";
import { type Component, defineComponent } from "./components.ts";

/** What a program declares: its components, how its state is saved, what it can do. */
export class Declared {
  readonly #components: Component[] = [];
  readonly #isExclusive: boolean;
  hasBarrier = false;
  save: (() => unknown) | null = null;
  readonly changes = new Changes();

  constructor(isExclusive: boolean) {
    this.#isExclusive = isExclusive;
  }

  get components(): readonly Component[] {
    return this.#components;
  }

  /** Throws `RangeError` where it does not fit, or there is one of that name. */
  define(
    name: string,
    stop: (() => unknown) | ComponentOptions,
    options?: ComponentOptions,
  ): void {
    const isFunction = typeof stop === "function";
    this.#add(defineComponent(name, isFunction ? stop : null, isFunction ? options : stop));
  }

  #add(component: Component): void {
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
      notify: !this.changes.isEmpty,
      reload: hotModules() !== null,
      recycle: areRecyclable(this.#components),
    };
    return {
      capabilities: Object.entries(offers).filter(([, offered]) => offered).map(([name]) => name),
      components: this.#components.map(({ name, timeoutMs, serves }) =>
        serves ? { name, timeoutMs, serves } : { name, timeoutMs }
      ),
    };
  }
}
