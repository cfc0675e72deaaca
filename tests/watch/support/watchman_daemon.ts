import { waitUntil } from "../../support/wait_until.ts";

/** A Watchman of the test's own, with its socket, state and log in a folder that goes with it. */
export class WatchmanDaemon implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "baton_watchman_" });
  readonly socket = `${this.#folder}/sock`;
  #process: Deno.ChildProcess | null = null;

  static isInstalled(): boolean {
    const isThere = (folder: string) => {
      try {
        return Deno.statSync(`${folder}/watchman`).isFile;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw error;
      }
    };
    return Deno.env.get("PATH")!.split(":").some(isThere);
  }

  async start(): Promise<void> {
    const at = (name: string) => `${this.#folder}/${name}`;
    this.#process = new Deno.Command("watchman", {
      args: [
        ...["--foreground", "--no-save-state", `--sockname=${this.socket}`],
        ...[`--logfile=${at("log")}`, `--pidfile=${at("pid")}`, `--statefile=${at("state")}`],
      ],
      env: { WATCHMAN_SOCK: "", XDG_STATE_HOME: this.#folder },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await waitUntil("Watchman listens", async () => {
      try {
        (await Deno.connect({ transport: "unix", path: this.socket })).close();
        return true;
      } catch {
        return false;
      }
    }, { withinMs: 10_000 });
  }

  async stop(): Promise<void> {
    const process = this.#process;
    this.#process = null;
    process?.kill("SIGKILL");
    await process?.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}
