/**
 * Ways in which real tools save a file: shell scripts that bring what is in `$NEW` to `$FILE`. Where the tool
 * is seldom installed its sequence of system calls is played. `prepare` runs before anything is watched.
 */
export interface Save {
  readonly name: string;
  readonly script: string;
  readonly prepare?: string;
}

const vim = (options: string) =>
  `vim -u NONE -i NONE -N -es -c 'set ${options}' -c "call setline(1, readfile('$NEW'))" -c wq "$FILE"`;

const python = (lines: string) =>
  `python3 - "$FILE" "$NEW" <<'END'
import os, sys, time
path, new = sys.argv[1], open(sys.argv[2], "rb").read()
folder, name = os.path.split(path)
def put(path, flags=os.O_CREAT | os.O_TRUNC):
    fd = os.open(path, os.O_WRONLY | flags, 0o644)
    os.write(fd, new)
    os.fsync(fd)
    os.close(fd)
${lines}
END`;

const BRANCHES =
  `git init -q . && git add -f "$FILE" && git commit -qm a && git checkout -qb other &&
  cp "$NEW" "$FILE" && git commit -qam b --allow-empty && git checkout -q -`;

export const SAVES: readonly Save[] = [
  { name: "cp", script: `cp "$NEW" "$FILE"` },
  { name: "mv over it", script: `cp "$NEW" "$FILE~" && mv "$FILE~" "$FILE"` },
  { name: "sed -i", script: `sed -i "s/.*/$(cat "$NEW")/" "$FILE"` },
  { name: "vim", script: vim("nobackup") },
  { name: "vim with backup", script: vim("backup backupdir=. backupcopy=no") },
  { name: "vim with backup by copy", script: vim("backup backupdir=. backupcopy=yes") },
  { name: "vim without any backup", script: vim("nobackup nowritebackup") },
  {
    name: "JetBrains safe write",
    script: `cp "$NEW" "$FILE"___jb_tmp___ && mv "$FILE" "$FILE"___jb_old___ &&
      mv "$FILE"___jb_tmp___ "$FILE" && rm "$FILE"___jb_old___`,
  },
  {
    name: "VS Code: truncate, then write",
    script: python(`os.truncate(path, 0)
time.sleep(0.02)
put(path, 0)`),
  },
  {
    name: "Emacs: lock, backup by rename, write",
    script: python(`lock = os.path.join(folder, ".#" + name)
os.symlink("me@here.1:1", lock)
put(os.path.join(folder, "#" + name + "#"))
os.rename(path, path + "~")
time.sleep(0.01)
put(path)
os.unlink(os.path.join(folder, "#" + name + "#"))
os.unlink(lock)`),
  },
  {
    name: "rsync",
    script: python(`temporary = os.path.join(folder, "." + name + ".Xq3b9Z")
put(temporary)
os.utime(temporary, (1, 1))
os.rename(temporary, path)`),
  },
  {
    name: "rsync --inplace",
    script: python(`fd = os.open(path, os.O_WRONLY)
os.write(fd, new)
os.ftruncate(fd, len(new))
os.close(fd)`),
  },
  {
    name: "a formatter 30 ms after the save",
    script: `cat "$NEW" "$NEW" > "$FILE"; sleep 0.03; cp "$NEW" "$FILE"`,
  },
  {
    name: "written in two halves, slowly",
    script: `{ head -c 2 "$NEW"; sleep 0.3; tail -c +3 "$NEW"; } > "$FILE"`,
  },
  {
    name: "written in pieces",
    script: `(head -c 2 "$NEW"; sleep 0.02; tail -c +3 "$NEW") > "$FILE"`,
  },
  { name: "git checkout of a branch", prepare: BRANCHES, script: "git checkout -q other" },
  {
    name: "git stash pop",
    prepare:
      `git init -q . && git add -f "$FILE" && git commit -qm a && cp "$NEW" "$FILE" && git stash -q`,
    script: 'git stash pop -q || test -z "$(git stash list)"',
  },
  {
    name: "a folder renamed over",
    script: `folder="$(dirname "$FILE")" && cp -r "$folder" "$OUTSIDE/next" &&
      cp "$NEW" "$OUTSIDE/next/$(basename "$FILE")" && mv "$folder" "$OUTSIDE/last" &&
      mv "$OUTSIDE/next" "$folder" && rm -r "$OUTSIDE/last"`,
  },
  {
    name: "a link switched to another target",
    prepare: `mv "$FILE" "$OUTSIDE/1" && ln -s "$OUTSIDE/1" "$FILE"`,
    script: `cp "$NEW" "$OUTSIDE/2" && ln -sfn "$OUTSIDE/2" "$FILE"`,
  },
  {
    name: "the target of a link written to",
    prepare:
      `mkdir "$OUTSIDE/away" && mv "$FILE" "$OUTSIDE/away/1" && ln -s "$OUTSIDE/away/1" "$FILE"`,
    script: `cp "$NEW" "$OUTSIDE/away/1"`,
  },
  { name: "touch, then save", script: `touch "$FILE" && cp "$NEW" "$FILE" && touch "$FILE"` },
];

/** What is saved, and how many restarts that makes. */
export const KINDS = [
  { kind: "watched", file: "src/main.txt", text: "new\n", restarts: 1 },
  { kind: "ignored", file: "ignored/main.txt", text: "new\n", restarts: 0 },
  { kind: "unchanged", file: "src/main.txt", text: "old\n", restarts: 0 },
] as const;
