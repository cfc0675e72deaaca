/** What the hook asks of a runtime that has Node's modules, of files and of its process. */
import * as fs from "node:fs";

export const pid = process.pid;
export const cwd = () => process.cwd();
export const exit = (status) => process.reallyExit(status);
export const read = (path) => fs.readFileSync(path, "utf8");
export const write = (path, text) => fs.writeFileSync(path, text);
export const link = (path) => fs.readlinkSync(path);
export const real = (path) => fs.realpathSync(path);
export const list = (path) => fs.readdirSync(path);
export const create = (path, text) => fs.writeFileSync(path, text, { flag: "wx", mode: 0o600 });
export const rename = (from, to) => fs.renameSync(from, to);

/** Null where nothing is there. */
export function stat(path) {
  try {
    const found = fs.statSync(path);
    const { mtimeMs, ctimeMs, size, ino } = found;
    const stamp = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    return { isDirectory: found.isDirectory(), stamp, changedAt: ctimeMs };
  } catch {
    return null;
  }
}
