const parentOf = (path) => path.slice(0, path.lastIndexOf("/"));

/** The files `targets`, and where something else would have been found first, by them and by those of the project. */
export function filesOf(targets, project) {
  const files = new Set(targets);
  for (const path of targets) {
    for (let at = parentOf(path); at !== ""; at = parentOf(at)) {
      if (files.has(`${at}/package.json`)) break;
      files.add(`${at}/package.json`);
      files.add(`${at}/node_modules`);
      if (at.includes("/node_modules")) files.add(at);
    }
  }
  for (const path of project) {
    for (let at = parentOf(path); at !== ""; at = parentOf(at)) files.add(`${at}/node_modules`);
  }
  return files;
}
