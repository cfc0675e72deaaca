import { type Item, type Run, supervise, type SuperviseOptions } from "../mod.ts";

/** The interpreter itself: what pyenv and its like put in front of it takes longer to start than Python. */
export function pythonItself(): string {
  const { stdout } = new Deno.Command(Deno.env.get("PYTHON") ?? "python3", {
    args: ["-c", "import sys; print(sys.executable, end='')"],
  }).outputSync();
  return new TextDecoder().decode(stdout);
}

/** A program under baton in a folder of its own, and beside it a place where the program says what it has read. */
export class Scene implements AsyncDisposable {
  readonly dir = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-soak-" }));
  readonly #said = Deno.makeTempDirSync({ prefix: "baton-said-" });
  #run: Run | null = null;

  /** `program` makes the source, told where to write what a generation has to say: the folder, and a `/`. */
  constructor(program: (said: string) => string, files: Readonly<Record<string, string>>) {
    Deno.writeTextFileSync(`${this.dir}/app.py`, program(`${this.#said}/`));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  async start(options: Partial<SuperviseOptions>, onEvent: (event: Item) => void): Promise<Run> {
    const command = [pythonItself(), "app.py"];
    this.#run = await supervise({ command, cwd: this.dir, ...options, onEvent });
    return this.#run;
  }

  write(name: string, text: string): void {
    Deno.writeTextFileSync(`${this.dir}/${name}`, text);
  }

  /** Writes it elsewhere and moves it into place. */
  swap(name: string, text: string): void {
    Deno.writeTextFileSync(`${this.#said}/draft`, text);
    Deno.renameSync(`${this.#said}/draft`, `${this.dir}/${name}`);
  }

  remove(name: string): void {
    Deno.removeSync(`${this.dir}/${name}`);
  }

  /** What a generation has said. */
  said(generation: number): string {
    return Deno.readTextFileSync(`${this.#said}/${generation}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#run?.stop("the soak");
    await this.#run?.ended;
    for (const folder of [this.dir, this.#said]) Deno.removeSync(folder, { recursive: true });
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
