/** What a program in Deno imports, by what Deno itself says of it. */
import { pathOf } from "./deno.mjs";

/** What changes how a module is found. */
const OF_FINDING =
  /^--(config|no-config|import-map|lock|no-lock|frozen|node-modules-dir|vendor|conditions|unstable|cached-only|no-npm|no-remote)/;

/** Packages in Deno's own folder have their version in their path, and are never written again. */
const MOST_FILES = 8_000;

async function told(entry, words) {
  const args = ["info", "--json", ...words.filter((word) => OF_FINDING.test(word)), entry];
  const env = { NO_COLOR: "1" };
  const options = { args, env, stdin: "null", stdout: "piped", stderr: "null" };
  const { success, stdout } = await new Deno.Command(Deno.execPath(), options).output();
  if (!success) throw new Error("Deno does not say what it imports");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/**
 * The files of the project, what they import of others (`targets`), and what of that may change (`files`; of folders
 * what is in them).
 */
export async function graphOf(host, entry, places, words) {
  const { modules, redirects } = await told(entry, words);
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const project = new Set();
  const targets = new Set();
  const packages = new Set();
  const files = new Set();
  const importsOf = (url) =>
    (known.get(url)?.dependencies ?? []).filter(({ code, isDynamic }) =>
      code?.specifier !== undefined && !isDynamic
    ).map(({ code }) => follow(redirects, code.specifier));
  /** What is not the project's, with all that it imports. */
  const visitOther = (url) => {
    const path = pathOf(url);
    if (path === null || files.has(path)) return;
    if (places.isWatched(path)) throw new Error(`${path} is imported from elsewhere`);
    files.add(path);
    if (known.get(url)?.kind === "external") packages.add(packageOf(host, path));
    for (const next of importsOf(url)) visitOther(next);
  };
  const visit = (url) => {
    const path = pathOf(url);
    if (path !== null && places.isWatched(path)) {
      if (project.has(path)) return;
      project.add(path);
      for (const next of importsOf(url)) visit(next);
    } else if (!url.startsWith("node:")) {
      targets.add(url);
      visitOther(url);
    }
  };
  visit(`file://${entry.split("/").map(encodeURIComponent).join("/")}`);
  for (const folder of closure(host, packages, places)) addAll(host, folder, files);
  for (const path of [...packages, ...project]) {
    for (let at = parentOf(path); at !== ""; at = parentOf(at)) {
      files.add(`${at}/node_modules`);
      if (!project.has(path)) files.add(`${at}/package.json`);
    }
  }
  return { project, targets, files };
}

const parentOf = (path) => path.slice(0, path.lastIndexOf("/"));

function follow(redirects, url) {
  const next = redirects?.[url];
  return next === undefined ? url : follow(redirects, next);
}

/** The folder of the package that a file is in, by its real path. */
function packageOf(host, path) {
  const real = host.real(path);
  const at = real.lastIndexOf("/node_modules/");
  if (at < 0) throw new Error(`${path} is in no package`);
  const [first, second] = real.slice(at + "/node_modules/".length).split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  return `${real.slice(0, at)}/node_modules/${name}`;
}

/** With all that these depend on. */
function closure(host, packages, places) {
  const found = new Set();
  const visit = (folder) => {
    if (found.has(folder)) return;
    found.add(folder);
    if (places.isWatched(`${folder}/package.json`)) throw new Error(`${folder} is watched`);
    const about = JSON.parse(host.read(`${folder}/package.json`));
    const { dependencies, optionalDependencies, peerDependencies } = about;
    for (const name in { ...dependencies, ...optionalDependencies, ...peerDependencies }) {
      const other = lookUp(host, folder, name);
      if (other !== null) visit(other);
    }
  };
  for (const folder of packages) visit(folder);
  return found;
}

/** Where a package finds another. */
function lookUp(host, folder, name) {
  for (let at = folder; at !== ""; at = parentOf(at)) {
    const place = `${at}/node_modules/${name}`;
    if (host.stat(`${place}/package.json`) !== null) return host.real(place);
  }
  return null;
}

function addAll(host, folder, files) {
  files.add(folder);
  for (const name of host.list(folder)) {
    if (name === "node_modules") continue;
    const path = `${folder}/${name}`;
    if (host.stat(path)?.isDirectory) addAll(host, path, files);
    else if (/\.([cm]?js|json|wasm|node)$/.test(name)) files.add(path);
    if (files.size > MOST_FILES) throw new Error("its packages have too many files");
  }
}
