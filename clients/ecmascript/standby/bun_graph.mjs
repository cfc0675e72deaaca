/**
 * What a program in Bun imports. Bun runs a CommonJS module where it is linked: what is one, or leads to one, is left
 * to the program.
 */
import { filesOf } from "./surroundings.mjs";

const LOADERS = { js: "jsx", mjs: "js", jsx: "jsx", ts: "ts", mts: "ts", tsx: "tsx" };

/** By which a module is CommonJS, or may be; or is made while it is loaded. */
const MAY_BE_COMMON = /\bmodule\.exports\b|\brequire\s*[(.]|\bexports\s*[.[]|type:\s*["']macro["']/;

/** Of types alone nothing is left: whatever kind of module that is, it does nothing. */
const hasNothing = (text) =>
  text.replace(/\/\*[^]*?\*\/|\/\/.*/g, "")
    .replace(/export\s*\{\s*\}|["']use strict["']|;/g, "").trim() === "";

/** What a file imports before it runs; null where it is no ES module for sure. */
function importsOf(host, path) {
  const loader = LOADERS[path.slice(path.lastIndexOf(".") + 1)];
  if (loader === undefined) return null;
  try {
    const text = host.read(path);
    const { imports, exports } = new Bun.Transpiler({ loader }).scan(text);
    const first = imports.filter(({ kind }) => kind === "import-statement");
    const isModule = exports.length > 0 || first.length > 0 || hasNothing(text);
    return { isModule, isPure: isModule && !MAY_BE_COMMON.test(text), names: first };
  } catch {
    return null;
  }
}

const isBuiltin = (found) => /^(node|bun):/.test(found) || !found.startsWith("/");

/** See `deno_graph.mjs`. */
export function graphOf(host, entry, places) {
  const project = new Set();
  const others = new Map();
  const direct = new Set();
  let ahead = null;
  const resolve = (path, name) => {
    const found = Bun.resolveSync(name, path.slice(0, path.lastIndexOf("/")));
    return isBuiltin(found) ? null : found;
  };
  const visitOther = (path) => {
    if (others.has(path)) return;
    const found = places.isWatched(path) ? null : importsOf(host, path);
    const other = { isPure: found?.isPure === true, needs: [] };
    others.set(path, other);
    if (!other.isPure) return;
    for (const { path: name } of found.names) {
      try {
        const need = resolve(path, name);
        if (need !== null) other.needs.push(need);
      } catch {
        other.isPure = false; // It is not there.
      }
    }
    for (const need of other.needs) visitOther(need);
  };
  const visit = (path) => {
    if (project.has(path)) return;
    project.add(path);
    const found = importsOf(host, path);
    for (const { path: name } of found?.isModule ? found.names : []) {
      const next = resolve(path, name);
      if (next === null) continue;
      if (places.isWatched(next)) {
        visit(next);
        continue;
      }
      direct.add(next);
      visitOther(next);
    }
    ahead ??= [...direct]; // What it has imported has run; now it does.
  };
  visit(entry);
  leaveOutWhatLeadsToOthers(others);
  const targets = [...others].filter(([, { isPure }]) => isPure).map(([path]) => path);
  // A CommonJS module runs where the program is linked: before all others.
  if (others.size > targets.length) ahead = [];
  return { project, targets: new Set(targets), ahead, files: filesOf(targets, project) };
}

function leaveOutWhatLeadsToOthers(others) {
  for (let isDone = false; !isDone;) {
    isDone = true;
    for (const other of others.values()) {
      if (!other.isPure || other.needs.every((need) => others.get(need).isPure)) continue;
      other.isPure = isDone = false;
    }
  }
}
