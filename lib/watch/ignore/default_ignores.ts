/** Folders that hold no sources, wherever they are. */
const FOLDERS = [
  ...[".git", ".hg", ".svn", ".jj", ".bzr", "_darcs", "CVS"],
  ...[".baton", "node_modules", "__pycache__"],
  ...[".venv", "venv", ".tox", ".nox"],
];

/** What editors leave beside a file while they save it. */
const DROPPINGS = [
  ".*~", // backups
  "\\..*\\.sw.", // vim's swap files
  "4913", // vim asks whether it may create a file here
  "\\.#.*", // Emacs' locks
  "#.*#", // Emacs' auto-saves
  ".*___jb_(tmp|old)___", // JetBrains' safe write
  "\\.DS_Store",
];

/** What baton itself writes into a working directory. */
const OWN = ["baton-timeline\\.json"];

const escaped = FOLDERS.map((name) => name.replaceAll(".", "\\."));
const [ANYTHING, FILE] = [escaped, [...escaped, ...DROPPINGS, ...OWN]]
  .map((names) => new RegExp(`^(${names.join("|")})$`));

/** Marks a Python virtual environment, whatever its folder is called. */
export const VIRTUAL_ENVIRONMENT = "pyvenv.cfg";

/** Whether baton ignores entries of this name unless it is told not to. */
export function isIgnoredByName(name: string, isFolder: boolean): boolean {
  return (isFolder ? ANYTHING : FILE).test(name);
}
