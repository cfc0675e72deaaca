/** Whether what was linked ahead is still what is on the disk, and the program still imports it. */

import { importsOf } from "./imports.mjs";

/** By which a program changes how modules are found or loaded. */
const CHANGES_LOADING =
  /\bBun\b[^\n]*\bplugin\b|\bplugin\b[^\n]*\bBun\b|["']bun["']|\bregisterHooks\b|\bregister\b[^\n]*["'](node:)?module["']|\bmodule\.register\b|\bmock\.module\b/i;

/** Such a file may be read before the program begins. */
const SETTING = /\.(jsonc?|toml|lockb?|ya?ml)$/;
const MODULE = /\.[cm]?[jt]sx?$/;

export class Freshness {
  #host;
  #stamps = new Map();
  #imports = new Map();
  /** What is beside the files of the project. */
  #there = new Set();
  #hasRun;
  #first = null;

  /** `hasRun` says whether any of it has run. */
  constructor(host, { project, files }, beganAt, hasRun = false) {
    this.#host = host;
    this.#hasRun = hasRun;
    for (const path of files) {
      const found = host.stat(path);
      this.#stamps.set(path, found?.stamp);
      if (found !== null && found.changedAt >= beganAt) this.#first = `${path} was changed`;
    }
    for (const path of project) {
      const folder = path.slice(0, path.lastIndexOf("/"));
      for (const name of host.list(folder)) this.#there.add(`${folder}/${name}`);
      const text = host.read(path);
      this.#imports.set(path, importsOf(text));
      if (CHANGES_LOADING.test(text)) this.#first = `${path} may change how modules are loaded`;
      if (host.stat(path)?.changedAt >= beganAt) this.#first = `${path} was changed`;
    }
  }

  /** What is not as it was; null where all is. */
  fault() {
    if (this.#first !== null) return this.#first;
    for (const [path, stamp] of this.#stamps) {
      if (this.#host.stat(path)?.stamp !== stamp) return `${path} was changed`;
    }
    return null;
  }

  /** What the changed files bring that is loaded in another way; null where nothing does. */
  sourceFault(changed) {
    for (const path of changed) {
      const before = this.#imports.get(path) ?? this.#imports.get(this.#real(path));
      if (before === undefined) {
        if (SETTING.test(path)) return `${path} may be read before the program begins`;
        if (MODULE.test(path) && !this.#there.has(path)) return `${path} is new`;
        if (this.#hasRun) return `what has run ahead may have read ${path}`;
        continue;
      }
      const text = this.#text(path);
      if (importsOf(text) !== before) return `the imports of ${path} are others`;
      if (CHANGES_LOADING.test(text)) return `${path} may change how modules are loaded`;
    }
    return null;
  }

  #real(path) {
    try {
      return this.#host.real(path);
    } catch {
      return path; // It is gone.
    }
  }

  #text(path) {
    try {
      return this.#host.read(path);
    } catch {
      return "";
    }
  }
}
