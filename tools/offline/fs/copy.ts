/** Stand-in for `@std/fs/copy`: files and folders, links as links. */
export interface CopyOptions {
  overwrite?: boolean;
}

export function copySync(src: string | URL, dest: string | URL, options: CopyOptions = {}): void {
  copyAll(textOf(src), textOf(dest), options.overwrite ?? false);
}

function copyAll(src: string, dest: string, overwrite: boolean): void {
  if (!overwrite && isThere(dest)) throw new Deno.errors.AlreadyExists(`'${dest}' already exists`);
  const { isDirectory, isSymlink } = Deno.lstatSync(src);
  if (isSymlink) return Deno.symlinkSync(Deno.readLinkSync(src), dest);
  if (!isDirectory) return Deno.copyFileSync(src, dest);
  Deno.mkdirSync(dest, { recursive: true });
  for (const { name } of Deno.readDirSync(src)) {
    copyAll(`${src}/${name}`, `${dest}/${name}`, overwrite);
  }
}

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function textOf(path: string | URL): string {
  return path instanceof URL ? path.pathname : path;
}
