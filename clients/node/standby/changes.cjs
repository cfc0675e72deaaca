"use strict";
/** What an import has changed outside of itself: each can be undone, and done again. */
const { entriesOf, sameEntries, sameProperty } = require("./objects.cjs");

const { getOwnPropertyDescriptor, defineProperty, deleteProperty, apply } = Reflect;
const { clear: clearMap, set: setInMap } = Map.prototype;
const { clear: clearSet, add: addToSet } = Set.prototype;

/** A property that an import has set, added or changed. */
class Property {
  constructor(object, key, before, after, way) {
    Object.assign(this, { object, key, before, after, what: `${way}.${String(key)}` });
    this.fault = after === undefined
      ? `removes ${this.what}`
      : !after.configurable && !(before !== undefined && after.writable)
      ? `sets ${this.what} for good`
      : null;
  }

  undo() {
    if (this.before === undefined) deleteProperty(this.object, this.key);
    else defineProperty(this.object, this.key, this.before);
  }

  redo() {
    const now = getOwnPropertyDescriptor(this.object, this.key);
    // What the program has had made by looking at it, the import would have had made as well.
    if (sameProperty(now, this.after) && typeof now.value === "function") return true;
    if (!sameProperty(now, this.before)) return false;
    return defineProperty(this.object, this.key, this.after);
  }
}

/** What an import has changed in a map or a set. */
class Entries {
  fault = null;

  constructor(object, before, after, way) {
    Object.assign(this, { object, before, after, what: way });
  }

  undo() {
    this.#become(this.before);
  }

  redo() {
    if (!sameEntries(entriesOf(this.object), this.before)) return false;
    this.#become(this.after);
    return true;
  }

  #become(entries) {
    const isMap = this.object instanceof Map;
    apply(isMap ? clearMap : clearSet, this.object, []);
    for (const [key, value] of entries) {
      if (isMap) apply(setInMap, this.object, [key, value]);
      else apply(addToSet, this.object, [key]);
    }
  }
}

/** What cannot be undone. */
const unmendable = (what) => ({ fault: what, what, undo() {}, redo: () => false });

module.exports = { Property, Entries, unmendable };
