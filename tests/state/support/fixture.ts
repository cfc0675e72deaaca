import { dirname, fromFileUrl, join } from "@std/path";

const TESTS: string = join(dirname(fromFileUrl(import.meta.url)), "..", "..");
/** A fixture needs the import map that this test was started with. */
const FLAGS: string[] = import.meta.resolve("@std/path").startsWith("jsr:")
  ? []
  : [`--import-map=${join(TESTS, "..", "tools", "offline", "import_map.json")}`];

/** A fixture program of this room that runs until it is killed, and what it prints, line by line. */
export class Fixture implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(name: string, args: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", ...FLAGS, join(TESTS, "fixtures", name), ...args],
      cwd: join(TESTS, ".."),
      stdin: "null",
      stdout: "piped",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The next whole line; null once the program has ended. */
  async line(): Promise<string | null> {
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#lines.read();
      if (done) return null;
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  /** Kills it with SIGKILL; resolves to the whole lines that were still to be read. */
  async kill(): Promise<string[]> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    const lines: string[] = [];
    for (let line = await this.line(); line !== null; line = await this.line()) lines.push(line);
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
