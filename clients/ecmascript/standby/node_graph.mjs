/** What a program of ES modules imports in Node, by the texts of its own files, and by where Node finds what. */
import { allImports, firstImports } from "./imports.mjs";

const CODE = /\.[cm]?js$/;

/**
 * See `deno_graph.mjs`. The targets are in the order in which Node would come to them, up to the first that cannot be
 * told without the program: then nothing that can be listed of its modules is in another order. Node looks into a file of
 * the project that is no ES module before anything runs: where there is one, nothing is to run ahead.
 */
export async function graphOf(host, entry, places) {
  const imports = new Map([[entry, []]]);
  const targets = new Set();
  let isOver = false;
  for (const [path, found] of imports) {
    const resolve = host.resolver(path);
    for (const name of firstImports(host.read(path))) {
      if (isOver) break;
      if (host.isBuiltin(name)) continue;
      const url = await resolve(name);
      const file = url === null ? null : host.pathOf(url);
      const isOwn = file !== null && places.isWatched(file);
      isOver = file === null || !CODE.test(file) || isOwn && !host.isModule(file);
      if (isOver) break;
      found.push({ url, file, isOwn });
      if (!isOwn) targets.add(url);
      else if (!imports.has(file)) imports.set(file, []);
    }
  }
  const { project, hasOthers } = ownFiles(host, imports.keys());
  const ahead = hasOthers ? [] : aheadOf(imports, entry);
  return { project, targets, ahead };
}

/** All files of the project that may be imported before the program runs, and whether any is no ES module. */
function ownFiles(host, first) {
  const project = new Set(first);
  let hasOthers = false;
  for (const path of project) {
    for (const name of allImports(host.read(path))) {
      if (!/^[./#]|^file:/.test(name)) continue;
      const file = name.startsWith("#") ? "" : host.fileOf(name, path);
      if (CODE.test(file) && host.isModule(file)) project.add(file);
      else hasOthers = true;
    }
  }
  return { project, hasOthers };
}

/** What runs before any of the files does. */
function aheadOf(imports, entry) {
  const ahead = new Set();
  const seen = new Set();
  /** Returns whether the file that was to be visited has run. */
  const hasRun = (path) => {
    if (seen.has(path)) return false; // It is begun already.
    seen.add(path);
    for (const { url, file, isOwn } of imports.get(path)) {
      if (!isOwn) ahead.add(url);
      else if (hasRun(file)) return true;
    }
    return true;
  };
  hasRun(entry);
  return [...ahead];
}
