"use strict";
/** What an import can look at, and what it changes outside of itself. */
const { reach } = require("./objects.cjs");
const { Record } = require("./record.cjs");

/** So much of a package is looked at, and no more. */
const DEPTH = 3;
const MOST = 1_000;
/** So many steps away is what a program patches, as `http.Agent.prototype`. */
const NEAR = 2;

class Picture {
  #skipped;
  #ignored;
  #known = new Set();
  /** Of what every import can reach, and of the modules: those that an import is likely to look at, and the rest. */
  #core;
  #ofModule = new Map();

  /** `core` are names and objects that every import can reach; `ignored` says which of their properties do not count. */
  constructor(core, skipped, ignored) {
    this.#skipped = skipped;
    this.#ignored = ignored;
    this.#core = this.#records(core, Infinity, Infinity);
  }

  #records(named, depth, most) {
    const found = reach(named, depth, this.#skipped, most);
    const records = { near: [], far: [] };
    for (const [object, place] of found) {
      if (this.#known.has(object)) continue;
      this.#known.add(object);
      const record = new Record(object, place, this.#ignored.get(object));
      const isNear = place.steps <= NEAR && record.isTelling;
      records[isNear ? "near" : "far"].push(record);
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

  /** What an import that requires these modules is likely to look at, as it is now. */
  looks(modules) {
    return [this.#core, ...modules.map((module) => this.#ofModule.get(module))]
      .map(({ near }) => near);
  }

  /** What was changed of all that is known to every import, and of these modules. */
  changes(modules) {
    const changes = [];
    this.#core = changed(this.#core, changes);
    for (const module of modules) {
      this.#ofModule.set(module, changed(this.#ofModule.get(module), changes));
    }
    return changes;
  }
}

/** The records as they are now; what differs is added to `changes`. */
function changed({ near, far }, changes) {
  const now = (records) => {
    let others = null;
    for (let index = 0; index < records.length; index++) {
      if (records[index].isSame()) continue;
      const found = records[index].changes();
      if (found.length === 0) continue;
      changes.push(...found);
      // Who has looked at it before goes on with what was there then.
      others ??= [...records];
      others[index] = records[index].again();
    }
    return others ?? records;
  };
  return { near: now(near), far: now(far) };
}

/** The first thing that is not as it was when it was looked at; null where all is. */
function difference(looks) {
  for (const records of looks) {
    for (let index = 0; index < records.length; index++) {
      if (!records[index].isSame()) return records[index].difference();
    }
  }
  return null;
}

module.exports = { Picture, difference };
