/** Globs in .gitignore syntax, some paths that each names, and some that it does not. */
export const GLOBS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["*.json", ["a.json", "data/a.json", "data/deep/.json"], ["a.jsonc", "json", "a.json5"]],
  ["data/*.json", ["data/a.json"], ["data/deep/a.json", "more/data/a.json", "a.json"]],
  ["/a.txt", ["a.txt"], ["data/a.txt"]],
  ["./data/a?.txt", ["data/ab.txt"], ["data/a.txt", "data/a/.txt", "x/data/ab.txt"]],
  ["data/**/*.csv", ["data/a.csv", "data/x/y/a.csv"], ["a.csv", "data/a.csvx"]],
  ["**/levels.toml", ["levels.toml", "a/b/levels.toml"], ["levelsxtoml", "a/levels.toml2"]],
  ["data/**", ["data/a", "data/a/b"], ["data", "database/a"]],
  ["data", ["data", "data/a/b", "x/data/a"], ["database"]],
  ["data/", ["data/a"], ["data", "database/a"]],
  ["[a-c]?.tx[!y]", ["ab.txt", "x/c1.txz"], ["db.txt", "ab.txy", "abc.txt"]],
  ["a\\*b", ["a*b"], ["axb"]],
  ["a+(b).txt", ["a+(b).txt"], ["aab.txt"]],
];
