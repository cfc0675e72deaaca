"use strict";
/** The modules that a run has loaded, as `learn.cjs` has noted them. */
const fs = require("fs");
const { decoded, itemsOf } = require("./lines.cjs");

/** Each with the file that required it, and the environment and arguments of that moment. */
function read(path) {
  const entries = [];
  let env = [];
  let argv = null;
  let isElsewhere = false;
  for (const line of fs.readFileSync(path, "utf8").split("\n").slice(0, -1)) {
    const [kind, first = "", second = ""] = decoded(line);
    if (kind === "env") env = itemsOf(first).map(variable);
    else if (kind === "argv") argv = itemsOf(first);
    else if (kind === "cwd") isElsewhere = true;
    else if (kind === "import") {
      entries.push({ filename: first, parent: second, env, argv, isElsewhere });
    }
  }
  return entries;
}

function variable(item) {
  const at = item.indexOf("=");
  return at < 0 ? [item, undefined] : [item.slice(0, at), item.slice(at + 1)];
}

module.exports = { read };
