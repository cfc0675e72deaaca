"use strict";
/** What a module says in its text that it looks at, and that is not there yet while it is loaded ahead. */
const fs = require("fs");
const Module = require("module");
const { dirname, resolve } = require("path");
const { isModuleNamespaceObject } = require("util").types;

const { readFileSync } = fs;

/** Whether one is the program's first file is asked in this way; it never is. */
const ASKS_WHETHER_FIRST =
  /\brequire\s*\.\s*main\s*[!=]==?\s*module\b|\bmodule\s*[!=]==?\s*require\s*\.\s*main\b/g;
const LOOKS_AT_FIRST = /\brequire\s*\.\s*main\b|\bmainModule\b/;
const LOOKS_AT_PARENT = /\bmodule\s*\.\s*parent\s*\.\s*(?!filename\b|id\b|paths\b)/;
/** Whose modules are loaded: also those of this folder, and none of the program's. */
const LOOKS_AT_LOADED = /\brequire\s*\.\s*cache\b|\bModule\s*\.\s*_cache\b/;
/** What one that is imported in another way than by `require`, where nobody looks, could see. */
const LOOKS_AROUND =
  /\b(process|globalThis|global|require|console|fetch|await|Deno|Bun)\b|\bimport\s*[(.]/;
const IMPORTS = /\b(?:from|import)\s*(["'])(.*?)\1/g;

const texts = new Map();

/** What is in a module's file; of one that says nothing of what it does, nothing. */
function textOf({ filename }) {
  if (/\.(json|node)$/.test(filename)) return "";
  if (!texts.has(filename)) texts.set(filename, readFileSync(filename, "utf8"));
  return texts.get(filename);
}

/** What a module could see that is not there yet; null where it looks at nothing of the kind. */
function lookedAt(module) {
  const { filename, exports } = module;
  const text = textOf(module);
  const isEs = isModuleNamespaceObject(exports) || filename.endsWith(".mjs") ||
    text.includes("as 'module.exports'") || text.includes('as "module.exports"');
  if (isEs) return looksAround(filename) ? `loads ${filename}, an ES module` : null;
  if (LOOKS_AT_FIRST.test(text) && LOOKS_AT_FIRST.test(text.replace(ASKS_WHETHER_FIRST, ""))) {
    return `loads ${filename}, which looks at the program's first file`;
  }
  if (LOOKS_AT_LOADED.test(text)) return `loads ${filename}, which looks at what is loaded`;
  return LOOKS_AT_PARENT.test(text) ? `loads ${filename}, which looks at who imports it` : null;
}

/**
 * Whether an ES module, or one that it imports, sees more than its own. Those cannot be put out of sight: one that
 * sees nothing is the same whenever it is loaded.
 */
function looksAround(filename, seen = new Set()) {
  if (filename in Module._cache && !filename.endsWith(".mjs") && seen.size > 0) return false;
  if (seen.has(filename)) return false;
  seen.add(filename);
  const text = readFileSync(filename, "utf8");
  const names = [...text.matchAll(IMPORTS)].map(([, , name]) => name);
  return LOOKS_AROUND.test(text.replace(IMPORTS, "")) ||
    names.some((name) =>
      !/^\.\.?\//.test(name) || looksAround(resolve(dirname(filename), name), seen)
    );
}

module.exports = { lookedAt, textOf };
