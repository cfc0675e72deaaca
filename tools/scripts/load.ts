import { Script } from "node:vm";

/** A script's exports, and what it was run from. */
interface Loaded {
  readonly exports: object;
  readonly script: Script;
}

/** Beside each script, what V8 made of it when the executable was compiled; empty where it made nothing. */
export const CODE = ".code";

/**
 * Baton in an executable: scripts that load one another as CommonJS modules do, each with the code that V8 made of it
 * when the executable was compiled. To read baton's text and to compile what a start needs of it would be half of that
 * start.
 */
export class Scripts {
  readonly #folder: string;
  readonly #builtIn: Readonly<Record<string, object>>;
  readonly #loaded = new Map<string, Loaded>();

  /** Those in `folder`. `builtIn`: the modules of the runtime that they may load, by their names. */
  constructor(folder: string, builtIn: Readonly<Record<string, object>>) {
    this.#folder = folder;
    this.#builtIn = builtIn;
  }

  /** The exports of a script, "./cli.script", or of a module of the runtime, "node:fs". */
  readonly load = (id: string): object =>
    this.#builtIn[id] ?? (this.#loaded.get(id) ?? this.#run(id)).exports;

  /** Writes what V8 has made of those that were loaded until now into a folder. */
  writeCode(folder: string): void {
    for (const [id, { script }] of this.#loaded) {
      Deno.writeFileSync(`${folder}/${id}${CODE}`, script.createCachedData());
    }
  }

  #run(id: string): Loaded {
    const filename = `${this.#folder}/${id}`;
    const code = Deno.readFileSync(`${filename}${CODE}`);
    const cachedData = code.length > 0 ? code : undefined;
    const script = new Script(Deno.readTextFileSync(filename), { filename, cachedData });
    const loaded = { exports: {}, script };
    // Before it is run: what it loads may load it in turn.
    this.#loaded.set(id, loaded);
    script.runInThisContext()(loaded.exports, this.load);
    return loaded;
  }
}
