"use strict";
/** Tells which files are watched: those below the roots, but for what is below the other folders. */
const fs = require("fs");
const { dirname, basename, resolve } = require("path");

const { realpathSync } = fs;
const isWithin = (path, folder) => path === folder || path.startsWith(`${folder}/`);

class Places {
  #roots;
  #others;
  #real = new Map();

  constructor(roots, others) {
    this.#roots = roots;
    this.#others = others;
  }

  isWatched(path) {
    const absolute = resolve(path);
    const folder = dirname(absolute);
    let real = this.#real.get(folder);
    if (real === undefined) {
      real = realOrSame(folder);
      this.#real.set(folder, real);
    }
    return this.#holds(absolute) || this.#holds(`${real}/${basename(absolute)}`);
  }

  /** Whether a folder that is not watched is below this one: whoever looks for that passes it. */
  isOnTheWay(path) {
    const absolute = resolve(path);
    return [...this.#roots, ...this.#others].some((one) => isWithin(one, absolute));
  }

  #holds(path) {
    return this.#roots.some((root) => isWithin(path, root)) &&
      !this.#others.some((other) => isWithin(path, other));
  }
}

function realOrSame(folder) {
  try {
    return realpathSync(folder);
  } catch {
    return folder; // It is not there.
  }
}

module.exports = { Places };
