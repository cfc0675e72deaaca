/** What the text of an ES module imports before it runs. */

const BLANK = String.raw`(?:\s|\/\/.*|\/\*[^]*?\*\/)*`;
const CLAUSE = String.raw`(?:[\w$\s,*{}\u0080-\uffff]|\/\/.*|\/\*[^]*?\*\/)+`;
const NAME = String.raw`(["'])((?:(?!\1)[^\\\n])*)\1`;
/** One declaration, with what stands before it. */
const DECLARATION = new RegExp(
  String
    .raw`${BLANK}(?:import${BLANK}|(?:import\b(?!${BLANK}(?:type|defer|source)\b)|export(?=${BLANK}[*{]))${CLAUSE}\bfrom${BLANK})${NAME}`,
  "y",
);
const END = new RegExp(`${BLANK};?`, "y");
const ATTRIBUTES = new RegExp(String.raw`${BLANK}(?:with|assert)\b`, "y");

/**
 * The names that a module imports at its beginning, in their order: up to the first statement that does anything
 * else, or is not known to do nothing else. All of it runs before the module itself does.
 */
export function firstImports(text) {
  const names = [];
  DECLARATION.lastIndex = /^(?:\uFEFF)?(?:#!.*)?/.exec(text)[0].length;
  for (;;) {
    const at = DECLARATION.lastIndex;
    const found = DECLARATION.exec(text);
    if (found === null || found.index !== at) return names;
    for (const rest of [ATTRIBUTES, END]) rest.lastIndex = DECLARATION.lastIndex;
    if (ATTRIBUTES.test(text)) return names;
    names.push(found[2]);
    END.test(text);
    DECLARATION.lastIndex = END.lastIndex;
  }
}

const ANYWHERE =
  /\b(?:from|import)(?:\s|\/\*.*?\*\/)*(["']).*?\1|\b(?:import|require)\s*\(\s*(["'`]).*?\2/g;
/** Texts stay as they are: there may be two slashes in them. */
const COMMENT = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/.*|\/\*[^]*?\*\//g;
/** Modules of the runtime are no matter: they are there from the beginning. */
const OF_RUNTIME = /["'`](node|bun):/;

const importsIn = (text) =>
  [...text.matchAll(ANYWHERE)].map(([found]) => found).filter((one) => !OF_RUNTIME.test(one));

const withoutComments = (text) => text.replace(COMMENT, (_, kept) => kept ?? " ");

const STATIC = /\b(?:from|import)\s*(["'])(.*?)\1/g;

/** The names of all that a module may import but by a call, and of more where its texts look like that. */
export const allImports = (text) =>
  [...withoutComments(text).matchAll(STATIC)].map(([, , name]) => name);

/** What of a text decides which modules are loaded, and in which order they run. */
export function importsOf(text) {
  const first = firstImports(text).filter((name) => !/^(node|bun):/.test(name));
  return JSON.stringify([first, importsIn(text), importsIn(withoutComments(text))]);
}
