import { messageOf } from "../errors.ts";
import type { FromBatonOf, FromProgram } from "../protocol/message.ts";
import { MAX_TEXT_LENGTH } from "./components.ts";
import type { Declared } from "./declared.ts";
import { placeOf } from "./error_place.ts";
import { type ClientHost, clientHost } from "./host.ts";
import { hotModules } from "./hot/hot.ts";
import { Broken } from "./hot/hot_modules.ts";
import { recycle } from "./recycling.ts";
import { within } from "./stopping.ts";

/** Nothing where it may not be known. */
function workingDirectory(): string {
  try {
    return clientHost().cwd();
  } catch (error) {
    // Deno was started without the permission to read: then the place is left out.
    if (!(error instanceof Error)) throw error;
    return "\0";
  }
}

/** For all components to stop and start, where baton names no deadline. */
const RECYCLE_MS = 10_000;

/** What a program takes without a restart: changed data, modules that are hot, components that start again. */
export class Taking {
  readonly #program: Declared;
  readonly #host: Pick<ClientHost, "after">;
  readonly #say: (message: FromProgram) => void;
  #isOver = false;
  #recycling: Promise<void> | null = null;

  constructor(
    program: Declared,
    host: Pick<ClientHost, "after">,
    say: (message: FromProgram) => void,
  ) {
    this.#program = program;
    this.#host = host;
    this.#say = say;
  }

  /** Does what baton asks for, and says whether the change is in effect. */
  async take(message: FromBatonOf<"changed" | "recycle" | "reload">): Promise<void> {
    const { step, deadlineMs } = message;
    try {
      const late = `No end after ${deadlineMs} ms`;
      await within(this.#effect(message), deadlineMs, late, this.#host);
      this.#say({ type: "done", step });
    } catch (error) {
      const why = messageOf(error).slice(0, MAX_TEXT_LENGTH);
      const broken = error instanceof Broken ? { broken: true } : {};
      this.#say({ type: "declined", step, why, ...placeOf(error, workingDirectory()), ...broken });
    }
  }

  #effect({ type, paths, deadlineMs }: FromBatonOf<"changed" | "recycle" | "reload">) {
    if (type === "changed") return this.#program.changes.tell(paths);
    if (type === "recycle") return this.recycle(deadlineMs);
    return hotModules()?.take(paths) ?? Promise.reject(new Error("No module is declared hot"));
  }

  /** One after the other; none once the program stops. */
  recycle(deadlineMs = RECYCLE_MS): Promise<void> {
    const recycling = (this.#recycling ?? Promise.resolve()).then(async () => {
      if (this.#isOver) throw new Error("The program is being stopped");
      await recycle(this.#program.components, deadlineMs, this.#host, this.#say);
    });
    const over = recycling.then(() => {}, () => {}).then(() => {
      if (this.#recycling === over) this.#recycling = null;
    });
    this.#recycling = over;
    return recycling;
  }

  /** Takes nothing more, and goes on with `then` once what is under way has ended. */
  end<T>(then: () => Promise<T>): Promise<T> {
    this.#isOver = true;
    return this.#recycling === null ? then() : this.#recycling.then(then);
  }
}
