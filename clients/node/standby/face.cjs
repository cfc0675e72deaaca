"use strict";
/** What an import can look at, at one moment; quick to compare with what is there later. */
const { keysOf, reach } = require("./objects.cjs");

const { getOwnPropertyDescriptor, getPrototypeOf, apply } = Reflect;
const { is } = Object;

class Face {
  #looks = [];

  /** `ignored` says which properties of an object do not count. */
  constructor(named, depth, skipped, ignored, most) {
    for (const [object, way] of reach(named, depth, skipped, most)) {
      const without = ignored.get(object);
      const keys = keysOf(object).filter((key) => !without?.has(key));
      const data = [];
      const accessors = [];
      for (const key of keys) {
        const property = getOwnPropertyDescriptor(object, key);
        if ("value" in property) data.push([key, property.value]);
        else accessors.push([key, property]);
      }
      const count = keys.length;
      const proto = getPrototypeOf(object);
      this.#looks.push({ object, way, without, data, accessors, count, proto });
    }
  }

  /** The first thing that is not as it was; null where all is. */
  difference() {
    for (const { object, way, without, data, accessors, count, proto } of this.#looks) {
      for (let index = 0; index < data.length; index++) {
        const [key, value] = data[index];
        if (!is(object[key], value)) return `${way}.${String(key)}`;
      }
      for (let index = 0; index < accessors.length; index++) {
        const [key, before] = accessors[index];
        if (!isStill(object, key, before)) return `${way}.${String(key)}`;
      }
      const keys = keysOf(object);
      let there = keys.length;
      if (without !== undefined) { for (const key of keys) if (without.has(key)) there -= 1; }
      if (there !== count || getPrototypeOf(object) !== proto) return way;
    }
    return null;
  }
}

/** What is made when it is first looked at is no change. */
function isStill(object, key, before) {
  const now = getOwnPropertyDescriptor(object, key);
  if (now === undefined) return false;
  if (now.get === before.get && now.set === before.set) return true;
  return "value" in now && before.get !== undefined && is(now.value, apply(before.get, object, []));
}

module.exports = { Face };
