import { ensureDirSync } from "@std/fs/ensure-dir";

/** A project to be watched: sources, and beside them what nobody should look at. */
const FILES_IN_A_FOLDER = 10;
/** Half of what is ignored is so by its name, half by a rule. */
const IGNORED_FOLDERS = ["node_modules", "generated"];

export class Tree implements Disposable {
  readonly dir: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-bench-" }));
  /** Absolute paths of the files that are watched. */
  readonly files: readonly string[];
  /** Absolute paths of the folders they are in, and of those above. */
  readonly folders: readonly string[];

  constructor(readonly watched: number, readonly ignored: number) {
    Deno.writeTextFileSync(`${this.dir}/.gitignore`, "generated/\n");
    this.files = this.#fill("src", watched);
    const below = new Set(this.files.map((file) => file.slice(0, file.lastIndexOf("/"))));
    this.folders = [this.dir, `${this.dir}/src`, ...below];
    for (const folder of IGNORED_FOLDERS) this.#fill(folder, ignored / IGNORED_FOLDERS.length);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.dir, { recursive: true });
  }

  #fill(name: string, count: number): string[] {
    const files: string[] = [];
    for (let number = 0; number < count; number++) {
      const folder = `${this.dir}/${name}/${Math.floor(number / FILES_IN_A_FOLDER)}`;
      if (number % FILES_IN_A_FOLDER === 0) ensureDirSync(folder);
      files.push(`${folder}/${number}.js`);
      Deno.writeTextFileSync(files.at(-1)!, `export const value = ${number};\n`);
    }
    return files;
  }
}
