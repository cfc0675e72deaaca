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
 * `http.Agent.prototype`; `skipped` are neither looked into nor gone on from.
 */
function reach(named, depth, skipped, most = Infinity) {
  const found = new Map();
  const waiting = [];
  const meet = (object, way, steps) => {
    if (!isObject(object) || found.has(object) || skipped.has(object)) return;
    if (isProxy(object) || found.size >= most) return;
    found.set(object, way);
    if (steps < depth && !isView(object)) waiting.push([object, way, steps + 1]);
  };
  for (const [name, object] of named) meet(object, name, 0);
  for (let index = 0; index < waiting.length; index++) {
    const [object, way, steps] = waiting[index];
    meet(getPrototypeOf(object), `${way}.__proto__`, steps);
    for (const key of keysOf(object)) {
      const property = getOwnPropertyDescriptor(object, key);
      const place = `${way}.${String(key)}`;
      meet(property.value, place, steps);
      meet(property.get, place, steps);
      meet(property.set, place, steps);
    }
    for (const [key, value] of entriesOf(object) ?? []) {
      meet(key, `${way}.key`, steps);
      meet(value, `${way}.value`, steps);
    }
  }
  return found;
}

module.exports = { keysOf, entriesOf, sameEntries, sameProperty, reach };
