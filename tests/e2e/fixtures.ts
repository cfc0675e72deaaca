/** Fixture programs, run where a file beside them can be changed. */
import { PYTHON } from "../support/running.ts";
import { Baton, type BatonOptions, Project } from "./baton.ts";

/** The folder of the fixtures, with a slash. */
export const FIXTURES: string = new URL("../fixtures/", import.meta.url).pathname;

/** The command that runs a fixture: by its ending, with Python or a shell. */
export function fixture(name: string, ...args: string[]): string[] {
  return [name.endsWith(".py") ? PYTHON : "sh", `${FIXTURES}${name}`, ...args];
}

/** A fixture under baton, in a project with one file of no meaning. */
export class Stage implements AsyncDisposable {
  readonly project = new Project({ "touched.txt": "0" });
  readonly baton: Baton;

  constructor(command: readonly string[], options: BatonOptions = {}) {
    this.baton = this.again(command, options);
  }

  /** One more baton in the same project. */
  again(command: readonly string[], options: BatonOptions = {}): Baton {
    return new Baton(this.project, command, options);
  }

  /** Changes the file. */
  touch(): void {
    this.project.write("touched.txt", `${Number(this.project.read("touched.txt")) + 1}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.baton[Symbol.asyncDispose]();
    this.project[Symbol.dispose]();
  }
}

/** Waits for all of them, also where one fails: what it started must not reach into the next test. */
export async function together(...runs: Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(runs);
  await Promise.all(runs);
}
