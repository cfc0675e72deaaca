/** The folder that holds `path`; the topmost folder holds itself. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** The last part of `path`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The path of an entry in `folder`. */
export function childOf(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

/** Whether `path` is `folder` or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === "/" ||
    (path.startsWith(folder) && path.charCodeAt(folder.length) === 47);
}

/** `path` as seen from `folder`, which it is below. */
export function below(folder: string, path: string): string {
  return path.slice(folder === "/" ? 1 : folder.length + 1);
}
