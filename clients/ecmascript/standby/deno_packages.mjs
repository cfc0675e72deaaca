/** The files of packages that Deno reads to link what a program imports: nobody can ask it which these are. */

/** Of a package with more, it takes too long to look at them before each start. */
const MOST_FILES = 8_000;

/** Whatever else is found by it does no harm. */
const IMPORTED = /\b(?:from|import)(?:\s|\/\*.*?\*\/)*(["'])(.*?)\1/g;

const parentOf = (path) => path.slice(0, path.lastIndexOf("/"));

export class Packages {
  /** Paths of files; of folders what is in them counts. */
  files = new Set();
  #host;
  #places;
  #whole = new Set();

  constructor(host, places) {
    this.#host = host;
    this.#places = places;
  }

  /** A module, with all that it imports. */
  addModule(path) {
    const real = this.#host.real(path);
    if (this.files.has(real)) return;
    const folder = packageOf(real);
    if (this.#places.isWatched(real)) throw new Error(`${path} is imported from elsewhere`);
    this.files.add(real);
    const about = this.#about(folder);
    const isModule = /\.mjs$/.test(real) ||
      /\.js$/.test(real) && this.#kindOf(real, folder) === "module";
    // How a CommonJS module exports what is another's is found in that.
    if (!isModule) return this.#addWhole(folder, about);
    for (const [, , name] of this.#host.read(real).matchAll(IMPORTED)) {
      if (/^\.\.?\//.test(name)) {
        const next = new URL(name, `file://${real}`).pathname;
        if (this.#host.stat(decodeURIComponent(next)) !== null) {
          this.addModule(decodeURIComponent(next));
        }
      } else if (name.startsWith("#")) this.#addWhole(folder, about);
      else this.#addNamed(folder, name);
    }
  }

  #about(folder) {
    this.files.add(`${folder}/package.json`);
    return JSON.parse(this.#host.read(`${folder}/package.json`));
  }

  /** What the nearest `package.json` says. */
  #kindOf(path, package_) {
    for (let at = parentOf(path); at.length >= package_.length; at = parentOf(at)) {
      const file = `${at}/package.json`;
      this.files.add(file);
      if (this.#host.stat(file) !== null) return JSON.parse(this.#host.read(file)).type;
    }
  }

  /** All of a package, and all of what that depends on: which of it is read is not known. */
  #addWhole(folder, { dependencies, optionalDependencies, peerDependencies }) {
    if (this.#whole.has(folder)) return;
    this.#whole.add(folder);
    if (this.#places.isWatched(`${folder}/package.json`)) throw new Error(`${folder} is watched`);
    this.#addAll(folder);
    const names = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    for (const name in names) this.#addNamed(folder, name);
  }

  #addNamed(folder, name) {
    const [first, second] = name.split("/");
    const bare = first.startsWith("@") ? `${first}/${second}` : first;
    for (let at = folder; at !== ""; at = parentOf(at)) {
      const place = `${at}/node_modules/${bare}`;
      this.files.add(`${at}/node_modules`);
      if (this.#host.stat(`${place}/package.json`) === null) continue;
      const real = this.#host.real(place);
      return this.#addWhole(real, this.#about(real));
    }
  }

  #addAll(folder) {
    this.files.add(folder);
    for (const name of this.#host.list(folder)) {
      if (name === "node_modules") continue;
      const path = `${folder}/${name}`;
      if (this.#host.stat(path)?.isDirectory) this.#addAll(path);
      else if (/\.([cm]?js|json|wasm|node)$/.test(name)) this.files.add(path);
      if (this.files.size > MOST_FILES) throw new Error("its packages have too many files");
    }
  }
}

/** The folder of the package that a file is in, by its real path. */
function packageOf(real) {
  const at = real.lastIndexOf("/node_modules/");
  if (at < 0) throw new Error(`${real} is in no package`);
  const [first, second] = real.slice(at + "/node_modules/".length).split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  return `${real.slice(0, at)}/node_modules/${name}`;
}
