"use strict";
/** One object as it was at one moment; quick to compare with what it is later. */
const { keysOf, entriesOf, sameEntries, sameProperty, wayTo } = require("./objects.cjs");
const { Entries, Property, unmendable } = require("./changes.cjs");

const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, apply } = Reflect;
const { is } = Object;

class Record {
  #object;
  #place;
  #ignored;
  #keys;
  #count;
  #data = [];
  #accessors = [];
  #proto;
  #extensible;
  #entries;

  /** `ignored` are keys that do not count, or undefined. */
  constructor(object, place, ignored) {
    this.#object = object;
    this.#place = place;
    this.#ignored = ignored;
    this.#keys = this.#keysNow();
    this.#count = ownKeys(object).length;
    for (const key of this.#keys) {
      const property = getOwnPropertyDescriptor(object, key);
      if ("value" in property) this.#data.push(key, property);
      else this.#accessors.push(key, property);
    }
    this.#proto = getPrototypeOf(object);
    this.#extensible = isExtensible(object);
    this.#entries = entriesOf(object);
  }

  #keysNow() {
    const keys = keysOf(this.#object);
    const ignored = this.#ignored;
    return ignored === undefined ? keys : keys.filter((key) => !ignored.has(key));
  }

  /** Whether an import is likely to look at it: a method by itself it calls, and no more. */
  get isTelling() {
    return typeof this.#object !== "function" || this.#keys.length > 2;
  }

  /** Whether every property has the value that it had. */
  isSame() {
    const object = this.#object;
    const [data, accessors] = [this.#data, this.#accessors];
    for (let index = 0; index < data.length; index += 2) {
      if (!is(object[data[index]], data[index + 1].value)) return false;
    }
    for (let index = 0; index < accessors.length; index += 2) {
      if (!isStill(object, accessors[index], accessors[index + 1])) return false;
    }
    const hasSameKeys = this.#ignored === undefined
      ? ownKeys(object).length === this.#count
      : this.#keysNow().length === this.#keys.length;
    return hasSameKeys &&
      getPrototypeOf(object) === this.#proto && isExtensible(object) === this.#extensible &&
      (this.#entries === null || sameEntries(entriesOf(object), this.#entries));
  }

  /** Where it is found, and what of it is not as it was. */
  difference() {
    const way = wayTo(this.#place);
    const at = this.#data.findIndex((key, index) =>
      index % 2 === 0 && !is(this.#object[key], this.#data[index + 1].value)
    );
    return at < 0 ? way : `${way}.${String(this.#data[at])}`;
  }

  /** What has changed since. */
  changes() {
    const object = this.#object;
    const way = wayTo(this.#place);
    const found = [];
    const before = new Map();
    for (const list of [this.#data, this.#accessors]) {
      for (let index = 0; index < list.length; index += 2) before.set(list[index], list[index + 1]);
    }
    for (const key of new Set([...this.#keys, ...this.#keysNow()])) {
      const after = getOwnPropertyDescriptor(object, key);
      if (!sameProperty(after, before.get(key))) {
        found.push(new Property(object, key, before.get(key), after, way));
      }
    }
    // Of a list the elements come before its length, as in the order of its keys.
    if (Array.isArray(object)) {
      found.sort((a, b) => Number(a.key === "length") - Number(b.key === "length"));
    }
    if (getPrototypeOf(object) !== this.#proto) {
      found.push(unmendable(`changes what ${way} inherits from`));
    }
    if (isExtensible(object) !== this.#extensible) found.push(unmendable(`freezes ${way}`));
    const entries = entriesOf(object);
    if (!sameEntries(entries, this.#entries)) {
      found.push(new Entries(object, this.#entries, entries, way));
    }
    return found;
  }

  /** The same object, as it is now. */
  again() {
    return new Record(this.#object, this.#place, this.#ignored);
  }
}

/** What is made when it is first looked at is no change. */
function isStill(object, key, before) {
  const now = getOwnPropertyDescriptor(object, key);
  if (now === undefined) return false;
  if (now.get === before.get && now.set === before.set) return true;
  return "value" in now && before.get !== undefined && is(now.value, apply(before.get, object, []));
}

module.exports = { Record };
