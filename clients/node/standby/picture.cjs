"use strict";
/** What an import changes outside of itself: it is undone until the program does that import. */
const { keysOf, entriesOf, sameEntries, sameProperty, reach } = require("./objects.cjs");

const { getOwnPropertyDescriptor, getPrototypeOf, defineProperty, isExtensible } = Reflect;
const { deleteProperty, apply } = Reflect;
const { clear: clearMap, set: setInMap } = Map.prototype;
const { clear: clearSet, add: addToSet } = Set.prototype;

/** So much of a package is looked at, and no more. */
const DEPTH = 4;
const MOST = 4_000;

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

class Record {
  /** `ignored` are keys that do not count. */
  constructor(object, way, ignored) {
    Object.assign(this, { object, way, ignored });
    this.take();
  }

  #keys() {
    const keys = keysOf(this.object);
    return this.ignored === undefined ? keys : keys.filter((key) => !this.ignored.has(key));
  }

  take() {
    const { object } = this;
    this.keys = this.#keys();
    this.properties = this.keys.map((key) => getOwnPropertyDescriptor(object, key));
    this.proto = getPrototypeOf(object);
    this.extensible = isExtensible(object);
    this.entries = entriesOf(object);
  }

  /** Adds what is not as it was, and takes it as it is now. */
  compare(changes) {
    const { object, way, keys, properties, proto, extensible, entries } = this;
    const found = [];
    const now = this.#keys();
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index];
      const after = getOwnPropertyDescriptor(object, key);
      if (!sameProperty(after, properties[index])) {
        found.push(new Property(object, key, properties[index], after, way));
      }
    }
    if (now.length !== keys.length || found.length > 0) {
      const before = new Set(keys);
      for (const key of now) {
        if (before.has(key)) continue;
        const after = getOwnPropertyDescriptor(object, key);
        found.push(new Property(object, key, undefined, after, way));
      }
    }
    // Of a list the elements come before its length, as in the order of its keys.
    if (Array.isArray(object)) {
      found.sort((a, b) => Number(a.key === "length") - Number(b.key === "length"));
    }
    if (getPrototypeOf(object) !== proto) {
      found.push(unmendable(`changes what ${way} inherits from`));
    }
    if (isExtensible(object) !== extensible) found.push(unmendable(`freezes ${way}`));
    const entriesNow = entriesOf(object);
    if (!sameEntries(entriesNow, entries)) {
      found.push(new Entries(object, entries, entriesNow, way));
    }
    if (found.length === 0) return;
    changes.push(...found);
    this.take();
  }
}

class Picture {
  #skipped;
  #ignored;
  #core = [];
  #known = new Set();
  #ofModule = new Map();

  /** `core` are names and objects that every import can reach; `ignored` says which of their properties do not count. */
  constructor(core, skipped, ignored) {
    this.#skipped = skipped;
    this.#ignored = ignored;
    this.#core = this.#records(core, Infinity, Infinity);
  }

  #records(named, depth, most) {
    const found = reach(named, depth, this.#skipped, most);
    const records = [];
    for (const [object, way] of found) {
      if (this.#known.has(object)) continue;
      this.#known.add(object);
      records.push(new Record(object, way, this.#ignored.get(object)));
    }
    return records;
  }

  /** Modules that have just been loaded. */
  add(modules) {
    for (const module of modules) {
      const named = [[module.filename, module.exports]];
      this.#ofModule.set(module, this.#records(named, DEPTH, MOST));
    }
  }

  /** What was changed of all that is known to every import, and of these modules. */
  changes(modules) {
    const changes = [];
    for (const record of this.#core) record.compare(changes);
    for (const module of modules) {
      for (const record of this.#ofModule.get(module) ?? []) record.compare(changes);
    }
    return changes;
  }
}

module.exports = { Picture };
