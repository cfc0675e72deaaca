/** Folders that hold no sources, wherever they are. */
const FOLDERS = [
  ...[".git", ".hg", ".svn", ".jj", ".bzr", "_darcs", "CVS"],
  ...[".baton", "node_modules", "__pycache__"],
  ...[".venv", "venv", ".tox", ".nox"],
  ...[".idea", ".vscode", ".fleet", ".zed", ".vs", ".Rproj.user", ".ipynb_checkpoints"], // editors' own
  ...[".~tmp~", ".rsync-partial"], // what rsync has got so far
  ...[".stfolder", ".stversions", ".dropbox.cache", ".tmp.driveupload", ".tmp.drivedownload"],
  // What web frameworks and bundlers make anew when they start, where no ignore file says so.
  ...[".next", ".nuxt", ".svelte-kit", ".astro", ".output", ".nitro", ".vinxi", ".tanstack"],
  ...[".react-router", ".angular", ".docusaurus", ".expo", ".wrangler", ".vite", ".turbo"],
  ...[".parcel-cache", ".sass-cache", ".jekyll-cache", ".shadow-cljs", ".dart_tool"],
  ...[".adonisjs", ".solid", ".contentlayer", ".velite"],
  ...[".nx", ".rpt2_cache", ".swc", ".serverless", ".aws-sam", ".netlify", ".vercel", ".firebase"],
  // Caches of other tools.
  ...[".mypy_cache", ".ruff_cache", ".pytest_cache", ".pytype", ".pyre", ".hypothesis", ".eggs"],
  ...["__marimo__", ".gradio", ".snakemake", ".terraform", ".kotlin", ".bsp", ".metals", ".bloop"],
  ...[".stack-work", "dist-newstyle", "nimcache", ".elixir_ls", ".ruby-lsp", ".cpcache"],
  ...[".phpunit.cache", ".pnpm-store"],
];

/** Folders that a build tool fills, by what is beside them. */
const BUILD_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  target: ["Cargo.toml", "pom.xml", "build.sbt"],
  build: ["build.gradle", "build.gradle.kts"],
  ".gradle": ["build.gradle", "build.gradle.kts"],
  _build: ["mix.exs", "dune-project", "rebar.config"],
  dist: ["nest-cli.json"], // "nest start" empties and fills it each time
  ".data": ["nuxt.config.ts", "nuxt.config.js", "nitro.config.ts"], // Nitro's storage
  ".build": ["Package.swift"],
  "zig-out": ["build.zig"],
  ".zig-cache": ["build.zig"],
};

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
  ".*___jb_(tmp|old|bak)___", // JetBrains' safe write
  ".*\\.vsctmp", // Visual Studio Code's atomic one
  ".*\\.sublime-workspace",
  "\\.subl.*\\.tmp", // Sublime Text's
  "\\.tmp[A-Za-z0-9]{6}", // of Rust's tempfile: Zed and others
  ".*\\.bck", // Helix'
  "\\.goutputstream-.*", // GIO's: gedit and others
  ".*\\.\\w+\\.(?=.*[a-z])(?=.*[A-Z])(?![A-Z][a-z]+$)[A-Za-z]{6}", // Qt's: Kate, Qt Creator
  ".*\\.sb-[0-9a-f]{8}-\\w{6}", // of macOS' safe saves: Nova, TextEdit, Xcode
  "lu\\w+\\.tmp", // what LibreOffice writes before it saves
  ...["~\\$.*", "~.*\\.tmp"], // Microsoft Office's, and Syncthing's
  ...["\\.~.*", "\\..*\\.~[0-9a-f]+"], // LibreOffice's locks, Nextcloud's downloads
  ...["sed(?=.*[A-Z0-9])[A-Za-z0-9]{6}", "XX(?=.*[A-Z0-9])[A-Za-z0-9]{6}"], // of "sed -i", "perl -i"
  "tmp(?=.*\\d)[a-z0-9_]{8}", // of Python's tempfile
  ".*\\.config(\\..*(timestamp|bundled)[-_]|-\\d)[-\\w]*\\.[cm]?js", // configurations, by Vite, Vinxi, tsup, Rollup
  ".*\\.(orig|rej)", // of patch(1), and of git's merges:
  ".*_(BASE|LOCAL|REMOTE|BACKUP)_\\d+(\\..*)?",
  ...["tags(\\.(temp|lock))?", "TAGS", "G(TAGS|RTAGS|PATH)", "cscope\\..*out"], // indexes of editors
  "\\..+\\.(?=.*[A-Z0-9])[A-Za-z0-9]{6}", // rsync's temporary files, as mkstemp(3) names them
  "\\.(syncthing|unison)\\..*\\.tmp",
  ...["\\.mutagen-temporary-.*", "\\.in\\..*\\.", ".*\\.(!sync|filepart|crdownload)", "\\.dropbox"],
  "\\.(nfs|fuse_hidden)[0-9a-f]+", // what was removed while it was open
  ...["\\.DS_Store", "\\._.*", "Thumbs\\.db", "desktop\\.ini", "\\.directory"], // file managers'
];

/** What programs write while they run, or as they end: their number, databases and what is beside those, measurements. */
const RUNTIME_FILES = [
  ".*\\.pid",
  ".*\\.(sqlite3?|db3?)(-(journal|wal|shm))?",
  "nohup\\.out",
  "\\.coverage(\\..*)?",
  ...["celerybeat-schedule(\\..*)?", "dump\\.rdb"], // Celery's and Redis'
  // What compilers and checkers know of the last time.
  ...[".*\\.tsbuildinfo", "\\.((es|style)lint|php-cs-fixer\\.|phpunit\\.result\\.)cache"],
  ".*\\.(cpuprofile|heapprofile|heapsnapshot|hprof|prof|pprof|lprof)",
];

/** What baton itself writes into a working directory. */
const OWN = ["baton-timeline\\.json"];

const escaped = FOLDERS.map((name) => name.replaceAll(".", "\\."));
const [ANYTHING, FILE] = [escaped, [...escaped, ...DROPPINGS, ...RUNTIME_FILES, ...OWN]]
  .map((names) => new RegExp(`^(${names.join("|")})$`));

/** Each marks a folder that holds no sources, whatever it is called: a Python virtual environment, a cache (bford.info/cachedir). */
export const MARKERS = ["pyvenv.cfg", "CACHEDIR.TAG"];

/** What beside a folder of this name says that a build tool fills it. */
export function buildFilesBeside(folderName: string): readonly string[] {
  return Object.hasOwn(BUILD_FOLDERS, folderName) ? BUILD_FOLDERS[folderName]! : [];
}

/** Whether baton ignores entries of this name unless it is told not to. */
export function isIgnoredByName(name: string, isFolder: boolean): boolean {
  return (isFolder ? ANYTHING : FILE)!.test(name);
}
