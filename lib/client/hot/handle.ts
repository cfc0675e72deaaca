/** One object that stands for every version of a module. */

export type Exports = Record<string, unknown>;
type Call = (this: unknown, ...values: unknown[]) => unknown;

export class Handle {
  /** What the program holds: functions that it takes from here call the newest version, too. */
  readonly exports: Exports;
  #current: Exports;
  readonly #calls = new Map<string, Call>();

  constructor(first: Exports) {
    this.#current = first;
    const read = (name: string | symbol) => this.#read(name);
    this.exports = new Proxy(Object.create(null) as Exports, {
      get: (_, name) => read(name),
      has: (_, name) => name in this.#current,
      ownKeys: () => Object.keys(this.#current),
      getOwnPropertyDescriptor: (_, name) =>
        name in this.#current
          ? { value: read(name), enumerable: true, configurable: true, writable: false }
          : undefined,
      set: () => false,
    });
  }

  #read(name: string | symbol): unknown {
    if (name === "then" && !("then" in this.#current)) return undefined;
    const value = this.#current[name as string];
    if (typeof value !== "function" || typeof name === "symbol" || isClass(value)) return value;
    let call = this.#calls.get(name);
    if (call === undefined) {
      const current = () => this.#current[name];
      call = function (this: unknown, ...values: unknown[]) {
        const run = current();
        if (typeof run !== "function") throw new TypeError(`"${name}" is gone from the module`);
        return run.apply(this, values);
      };
      Object.defineProperty(call, "name", { value: name });
      this.#calls.set(name, call);
    }
    return call;
  }

  isOf(exports: Exports): boolean {
    return exports === this.#current;
  }

  /** A class that is not what it was, or names what `text`, of the module, declares: its objects would stay with that. */
  changedClass(next: Exports, text: string): string | null {
    const declared = declaredIn(text);
    const isOther = ([name, value]: [string, unknown]) =>
      isClass(value) && (String(value) !== String(next[name]) || namesOther(value, declared));
    return Object.entries(this.#current).find(isOther)?.[0] ?? null;
  }

  swap(next: Exports, keep: readonly string[]): void {
    for (const name of keep) carryOver(this.#current[name], next[name]);
    this.#current = unchangedClasses(this.#current, next);
  }
}

/** With the classes that it had, so that there is one of each. */
function unchangedClasses(before: Exports, next: Exports): Exports {
  const classes = Object.entries(before).filter(([, value]) => isClass(value));
  if (classes.length === 0) return next;
  return { ...next, ...Object.fromEntries(classes) };
}

function isClass(value: unknown): boolean {
  return typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
}

const DECLARED =
  /\b(?:(?:const|let|var)\s+([^=;]+)|(?:function\s*\*?|class|enum|namespace)\s+([\w$]+)|import\b([^"';]*?)\bfrom\b)/g;
const IDENTIFIER = /(?<![\w$.])[A-Za-z_$][\w$]*/g;

/** What a module with this text declares or imports. */
function declaredIn(text: string): Set<string> {
  const names = (match: RegExpExecArray) => match.slice(1).join(" ").match(IDENTIFIER) ?? [];
  return new Set(Array.from(text.matchAll(DECLARED), names).flat());
}

/** Whether a class names any of these but itself: what it was made with stays the old one. */
function namesOther(held: unknown, declared: ReadonlySet<string>): boolean {
  const { name } = held as { name: string };
  return (String(held).match(IDENTIFIER) ?? []).some((each) => each !== name && declared.has(each));
}

function carryOver(from: unknown, to: unknown): void {
  if (
    from === to || typeof from !== "object" || from === null || typeof to !== "object" ||
    to === null
  ) {
    return;
  }
  if (from instanceof Map && to instanceof Map) {
    to.clear();
    for (const [key, value] of from) to.set(key, value);
  } else if (from instanceof Set && to instanceof Set) {
    to.clear();
    for (const value of from) to.add(value);
  } else if (Array.isArray(from) && Array.isArray(to)) {
    to.splice(0, to.length, ...from);
  } else {
    Object.assign(to, from);
  }
}
