/**
 * # Theory of operation
 *
 * `hot(() => import("./draw.ts"))` hands out a handle (handle.ts). A reload loads the new version beside the
 * old one, under a URL of its own, and has the handle call it from then on. The runtimes cannot take anything
 * else back, so it refuses where something would go on with the old version: a static import of the module, a
 * class that has changed, a file that the module itself imports (sources.ts), a timer that it starts when it
 * is loaded (effects.ts). All or nothing: handles change once every new version is loaded.
 */
import { messageOf } from "../../errors.ts";
import type { HotHost } from "../host.ts";
import { watchEffects } from "./effects.ts";
import { type Exports, Handle } from "./handle.ts";
import { fileOf, importsOf, type Source, Sources, textOf } from "./sources.ts";
import { isUncompiled, whyUncompiled } from "./uncompiled.ts";

/** What `hot` takes. */
export interface HotOptions {
  /** Exported objects, arrays, maps and sets whose content goes on in the next version. */
  readonly keep?: readonly string[];
  /** The module that the import stands in, `import.meta.url`, where it cannot be told from the call. */
  readonly from?: string;
}

interface HotModule {
  readonly url: string;
  readonly keep: readonly string[];
  readonly handle: Handle;
  /** What runs: the module's own text, and that of all it imports by a path. */
  sources: Sources;
}

const IMPORT = /import\(\s*(["'`])([^"'`]+)\1\s*\)/;

/** It cannot be shown that the new version would be right: a restart is. */
class Refused extends Error {}

/** A restart would fail as well. */
export class Broken extends Error {}

export class HotModules {
  /** Why the last reload did not take place; null where it did. */
  error: string | null = null;
  /** Whether a restart would help. */
  isRefused = false;

  readonly #host: HotHost;
  readonly #modules: HotModule[] = [];
  readonly #listeners: ((error: string | null) => void)[] = [];
  #cause: unknown = null;
  #version = 0;
  #reloading: Promise<boolean> = Promise.resolve(true);

  constructor(host: HotHost) {
    this.#host = host;
  }

  async declare<Module extends object>(
    load: () => Promise<Module>,
    { keep = [], from }: HotOptions,
    caller: string | null,
  ): Promise<Module> {
    const specifier = IMPORT.exec(String(load))?.[2];
    const base = from ?? caller;
    if (specifier === undefined || base === null) {
      throw new Error(
        `Cannot make a module hot by "${load}": write hot(() => import("./draw.ts"), { from: import.meta.url })`,
      );
    }
    const url = new URL(specifier, base).href;
    const sources = new Sources(this.#host, url);
    const handle = new Handle(await load() as Exports);
    this.#modules.push({ url, keep, handle, sources });
    return handle.exports as Module;
  }

  listen(run: (error: string | null) => void): void {
    this.#listeners.push(run);
  }

  /** What baton asks for, relative to the working directory; rejects where it is not in effect, all of it. */
  async take(paths: readonly string[]): Promise<void> {
    const folder = `file://${this.#host.cwd()}/`;
    const hot = new Set(this.#modules.map(({ url }) => fileOf(url)));
    for (const path of paths) {
      if (!hot.has(fileOf(new URL(encodeURI(path), folder).href))) {
        throw new Error(`"${path}" is not a hot module`);
      }
    }
    if (await this.reload()) return;
    if (this.#cause instanceof Broken) throw this.#cause;
    throw new Error(this.error ?? "", { cause: this.#cause });
  }

  /** One after the other; resolves to whether it took place. */
  reload(): Promise<boolean> {
    return this.#reloading = this.#reloading.then(() => this.#attempt());
  }

  async #attempt(): Promise<boolean> {
    this.isRefused = false;
    try {
      await this.#reload();
      this.error = null;
    } catch (error) {
      this.#cause = error;
      this.isRefused = error instanceof Refused;
      this.error = this.isRefused
        ? `Cannot reload in place: ${messageOf(error)}; restart the program`
        : messageOf(error instanceof Broken ? error.cause : error);
    }
    for (const listener of this.#listeners) listener(this.error);
    return this.error === null;
  }

  async #reload(): Promise<void> {
    const now = this.#modules.map((module) => ({
      module,
      sources: new Sources(this.#host, module.url),
    }));
    const changed = now.filter(({ module, sources }) => {
      const file = sources.changedSince(module.sources);
      if (file !== null) throw new Refused(`"${file}" has changed, which "${module.url}" imports`);
      return sources.own !== module.sources.own;
    });
    if (changed.length === 0) return;
    const urls = new Set(this.#modules.map(({ url }) => url));
    for (const { url, line, imported } of this.#staticImports(urls)) {
      throw new Refused(
        `"${fileOf(url)}", line ${line} imports "${imported}" as well, and not by hot()`,
      );
    }
    this.#version += 1;
    const fresh: Exports[] = [];
    for (const { module } of changed) fresh.push(await this.#load(module));
    const swaps = changed.map(({ module, sources }, at) => ({ module, sources, next: fresh[at]! }));
    for (const { module, next } of swaps) {
      const name = module.handle.changedClass(next, textOf(this.#host, module.url) ?? "");
      if (name !== null) {
        throw new Refused(
          `the class "${name}" of "${
            fileOf(module.url)
          }" has changed, or what it names has, and it may have objects`,
        );
      }
    }
    for (const { module, sources, next } of swaps) {
      module.handle.swap(next, module.keep);
      module.sources = sources;
    }
  }

  async #load({ url, handle }: HotModule): Promise<Exports> {
    const query = `?baton=${this.#version}-${this.#host.pid}`;
    const effects = watchEffects(fileOf(url), this.#host);
    const loading: Promise<Exports> = import(this.#host.importable(url) + query);
    const next = await loading.catch((error: unknown) => {
      if (isUncompiled(error, fileOf(url))) {
        return new Broken(`"${fileOf(url)}"${whyUncompiled(error)}`, { cause: error });
      }
      return error instanceof Error ? error : new Error(String(error));
    });
    const effect = effects.end();
    if (effect !== null) throw new Refused(`"${fileOf(url)}" calls ${effect} when it is loaded`);
    if (next instanceof Error) throw next;
    if (handle.isOf(next)) throw new Refused(`this runtime loads "${fileOf(url)}" only once`);
    return next;
  }

  /** Of hot modules, in what the program is made of, as far as paths lead. */
  *#staticImports(hot: ReadonlySet<string>): Generator<Source & { imported: string }> {
    const entry = this.#host.entry();
    if (entry === null) return;
    const seen = new Set([entry]);
    for (const url of seen) {
      for (const found of importsOf(this.#host, url)) {
        if (hot.has(found.target) && found.isStatic) yield { ...found, imported: found.specifier };
        if (found.isStatic) seen.add(found.target);
      }
    }
  }
}
