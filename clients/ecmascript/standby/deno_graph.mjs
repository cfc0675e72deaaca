/** What a program in Deno imports, by what Deno itself says of it. */
import { pathOf } from "./deno.mjs";
import { Packages } from "./deno_packages.mjs";

/** What changes how a module is found. */
const OF_FINDING =
  /^--(config|no-config|import-map|lock|no-lock|frozen|node-modules-dir|vendor|unstable|no-npm|no-remote)/;

async function told(entry, words) {
  const args = ["info", "--json", ...words.filter((word) => OF_FINDING.test(word)), entry];
  const env = { NO_COLOR: "1" };
  const options = { args, env, stdin: "null", stdout: "piped", stderr: "null" };
  const { success, stdout } = await new Deno.Command(Deno.execPath(), options).output();
  if (!success) throw new Error("Deno does not say what it imports");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/**
 * The files of the project, what they import of others (`targets`), what of these runs before anything of the project
 * does, in that order (`ahead`), and what of them may change (`files`; of folders what is in them). What is in Deno's own
 * folder has its version in its path, and is never written again.
 */
export async function graphOf(host, entry, places, words) {
  const { modules, redirects } = await told(entry, words);
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const project = new Set();
  const targets = new Set();
  let ahead = null;
  const packages = new Packages(host, places);
  const { files } = packages;
  const importsOf = (url) =>
    (known.get(url)?.dependencies ?? []).filter(({ code, isDynamic }) =>
      code?.specifier !== undefined && !isDynamic
    ).map(({ code }) => follow(redirects, code.specifier));
  /** What is not the project's, with all that it imports. */
  const visitOther = (url) => {
    const path = pathOf(url);
    if (path === null || files.has(path)) return;
    if (known.get(url)?.kind === "external") return packages.addModule(path);
    if (places.isWatched(path)) throw new Error(`${path} is imported from elsewhere`);
    files.add(path);
    for (const next of importsOf(url)) visitOther(next);
  };
  const visit = (url) => {
    const path = pathOf(url);
    if (path !== null && places.isWatched(path)) {
      if (project.has(path)) return;
      project.add(path);
      for (const next of importsOf(url)) visit(next);
      ahead ??= [...targets]; // What it has imported has run; now it does.
    } else if (!url.startsWith("node:")) {
      targets.add(url);
      visitOther(url);
    }
  };
  visit(Deno.mainModule);
  for (const path of project) {
    for (let at = parentOf(path); at !== ""; at = parentOf(at)) files.add(`${at}/node_modules`);
  }
  return { project, targets, ahead, files };
}

const parentOf = (path) => path.slice(0, path.lastIndexOf("/"));

function follow(redirects, url) {
  const next = redirects?.[url];
  return next === undefined ? url : follow(redirects, next);
}
