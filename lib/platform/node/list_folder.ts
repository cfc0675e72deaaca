import * as fs from "node:fs";
import { join } from "node:path";

/** What is listed: a name, and what it is. */
export interface Listed {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** What listing needs of `node:fs`. */
type Listing = {
  readdirSync(path: string, options: { withFileTypes: true }): Listed[];
  readdirSync(path: string): string[];
  lstatSync(path: string, options: { throwIfNoEntry: false }): Omit<Listed, "name"> | undefined;
};

/**
 * What is in a folder. Where `/proc` cannot say of what kind an entry is, as its process ends just then, Node looks
 * there, and fails the whole listing for one that is gone: then each is looked at by itself, and what is gone left out.
 */
export function listFolder(path: string, by: Listing = fs as Listing): Listed[] {
  try {
    return by.readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const names = (error as { code?: string }).code === "ENOENT" ? by.readdirSync(path) : null;
    if (names === null) throw error;
    return names.flatMap((name) => {
      const stat = by.lstatSync(join(path, name), { throwIfNoEntry: false });
      if (stat === undefined) return [];
      return [{
        name,
        isFile: () => stat.isFile(),
        isDirectory: () => stat.isDirectory(),
        isSymbolicLink: () => stat.isSymbolicLink(),
      }];
    });
  }
}
