"use strict";
/** Looks through objects without calling anything of theirs. */
const { isProxy, isMap, isSet } = require("util").types;

const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { isView } = ArrayBuffer;
const eachOfMap = Map.prototype.forEach;
const eachOfSet = Set.prototype.forEach;
const { apply } = Reflect;

const isObject = (value) =>
  value !== null && (typeof value === "object" || typeof value === "function");

/** Its own properties, but for those of a function that differ while it runs. */
function keysOf(object) {
  const keys = ownKeys(object);
  if (typeof object !== "function") return keys;
  return keys.filter((key) => key !== "arguments" && key !== "caller");
}

/** The entries of a map or a set; null for all else. */
function entriesOf(object) {
  const entries = [];
  const collect = (value, key) => entries.push([key, value]);
  if (isMap(object)) apply(eachOfMap, object, [collect]);
  else if (isSet(object)) apply(eachOfSet, object, [collect]);
  else return null;
  return entries;
}

const sameEntries = (one, other) =>
  one === other || one !== null && other !== null && one.length === other.length &&
    one.every(([key, value], index) =>
      Object.is(key, other[index][0]) && Object.is(value, other[index][1])
    );

/** Whether two descriptors say the same; either may be undefined. */
function sameProperty(one, other) {
  if (one === undefined || other === undefined) return one === other;
  return Object.is(one.value, other.value) && one.get === other.get && one.set === other.set &&
    one.writable === other.writable && one.enumerable === other.enumerable &&
    one.configurable === other.configurable;
}

/**
 * Every object that can be reached from named ones by so many steps, with the shortest way there, as
 * `http.Agent.prototype`, and how many steps that is; `skipped` are neither looked into nor gone on from.
 */
function reach(named, depth, skipped, most = Infinity) {
  const found = new Map();
  const waiting = [];
  const meet = (object, from, key, steps) => {
    if (!isObject(object) || found.has(object) || skipped.has(object)) return;
    if (found.size >= most || isProxy(object)) return;
    const place = { from, key, steps };
    found.set(object, place);
    if (steps < depth && !isView(object)) waiting.push([object, place]);
  };
  for (const [name, object] of named) meet(object, null, name, 0);
  for (let index = 0; index < waiting.length; index++) {
    const [object, place] = waiting[index];
    const steps = place.steps + 1;
    meet(getPrototypeOf(object), place, "__proto__", steps);
    for (const key of keysOf(object)) {
      const property = getOwnPropertyDescriptor(object, key);
      meet(property.value, place, key, steps);
      meet(property.get, place, key, steps);
      meet(property.set, place, key, steps);
    }
    for (const [key, value] of entriesOf(object) ?? []) {
      meet(key, place, "key", steps);
      meet(value, place, "value", steps);
    }
  }
  return found;
}

/** The way to a place that `reach` has found, in words. */
function wayTo({ from, key }) {
  return from === null ? key : `${wayTo(from)}.${String(key)}`;
}

module.exports = { keysOf, entriesOf, sameEntries, sameProperty, reach, wayTo };
