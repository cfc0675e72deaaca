/** Tells which files are watched: those below the roots, but for what is below the other folders. */

const isWithin = (path, folder) => path === folder || path.startsWith(`${folder}/`);

export class Places {
  #host;
  #roots;
  #others;

  constructor(host, roots, others) {
    this.#host = host;
    this.#roots = roots;
    this.#others = others;
  }

  isWatched(path) {
    return this.#holds(path) || this.#holds(this.#real(path));
  }

  #real(path) {
    try {
      return this.#host.real(path);
    } catch {
      return path; // It is not there.
    }
  }

  #holds(path) {
    return this.#roots.some((root) => isWithin(path, root)) &&
      !this.#others.some((other) => isWithin(path, other));
  }
}
