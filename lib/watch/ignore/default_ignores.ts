/** Folders that hold no sources, wherever they are. */
const FOLDERS = [
  ...[".git", ".hg", ".svn", ".jj", ".bzr", "_darcs", "CVS"],
  ...[".baton", "node_modules", "__pycache__"],
  ...[".venv", "venv", ".tox", ".nox"],
  ...[".idea", ".~tmp~"], // JetBrains' state; what rsync --delay-updates has got so far
];

/** What editors and other tools write beside a file before it is saved, or while it is. */
const DROPPINGS = [
  ".*~", // backups, and vim's undo files
  "\\..*\\.sw.x?", // vim's swap files
  "4913", // vim asks whether it may create a file here
  "\\.#.*", // Emacs' locks
  "#.*#", // Emacs' auto-saves
  "flycheck_.*", // copies that are checked while one types
  ".*_flymake(\\..*)?",
  "\\..*\\.kate-swp",
  "\\..*\\.kak\\..*", // Kakoune's write
  ".*___jb_(tmp|old)___", // JetBrains' safe write
  "\\.subl.*\\.tmp", // Sublime Text's
  "\\.goutputstream-.*", // GIO's: gedit and others
  "\\.~lock\\..*#", // LibreOffice's locks
  "~\\$.*", // Microsoft Office's
  "\\..+\\.(?=.*[A-Z0-9])[A-Za-z0-9]{6}", // rsync's temporary files, as mkstemp(3) names them
  "\\.(nfs|fuse_hidden)[0-9a-f]+", // what was removed while it was open
  ...["\\.DS_Store", "\\._.*", "Thumbs\\.db", "desktop\\.ini", "\\.directory"], // file managers'
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
