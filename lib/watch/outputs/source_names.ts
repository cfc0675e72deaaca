const SOURCE =
  /\.(?:[cm]?[jt]sx?|pyi?|go|rs|rb|erb|java|kts?|scala|[ch](?:pp|c|h|xx)?|cs|php|p[lm]|lua|exs?|erl|hs|swift|sh|bash|html?|s?css|less|vue|svelte|sql|toml|ya?ml|jsonc?|ini|cfg|env|md)$/i;

/** Whether people and their tools write such a file, again and again, and programs seldom. */
export function isSource(path: string): boolean {
  return SOURCE.test(path);
}

/** Sources that programs write as well: their data, and reports. */
const DATA = /\.(?:json|ya?ml|html?|md)$/i;

/** Whether only people and their tools write such a file. */
export function isCode(path: string): boolean {
  return isSource(path) && !DATA.test(path);
}
