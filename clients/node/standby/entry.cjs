"use strict";
/** Which file of ES modules this process is to run. */
const fs = require("fs");

const { readFileSync, existsSync, realpathSync } = fs;

/** Options that change neither what runs before the program, nor how its modules are found. */
const FITTING =
  /^(--(env-file|env-file-if-exists|conditions|(no-)?warnings|no-deprecation|trace-(warnings|uncaught|deprecation)|disable-warning|enable-source-maps|max[-_](old[-_]space|semi[-_]space|http-header)[-_]size|stack-trace-limit|stack-size|expose[-_]gc|unhandled-rejections|dns-result-order|use-(openssl|bundled|system)-ca|tls-[\w.-]+|title|no-experimental-[\w-]+)(=.*)?|-C)$/;
const TAKES_A_WORD = /^(-C|--[\w-]+)$/;

function areFitting(words) {
  return words.every((word, index) =>
    FITTING.test(word) || index > 0 && !word.startsWith("-") && TAKES_A_WORD.test(words[index - 1])
  );
}

/** Whether Node takes a file for an ES module by its name and its package. */
function isModule(file) {
  if (file.endsWith(".mjs")) return true;
  if (!file.endsWith(".js")) return false;
  let folder = file;
  do {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    if (folder.endsWith("/node_modules")) return false;
    const path = `${folder}/package.json`;
    if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")).type === "module";
  } while (folder !== "");
  return false;
}

/** By its real path; null where it is another kind of program, or is started in a way that is not known here. */
function moduleEntry(options) {
  try {
    const given = options === "" ? [] : options.trim().split(/\s+/);
    const [, named] = process.argv;
    if (!isModule(named) || !areFitting(process.execArgv) || !areFitting(given)) return null;
    const file = realpathSync.native(named);
    return file === named || isModule(file) ? file : null;
  } catch (_) {
    return null; // Node finds another by that name, or none.
  }
}

module.exports = { moduleEntry, isModule };
