/** What a module is made of: its own text, and the files that it imports by a path. */
import type { HotHost } from "../host.ts";

export interface Source {
  readonly url: string;
  readonly line: number;
}

export interface Import extends Source {
  readonly specifier: string;
  readonly target: string;
  /** As against `import()`. */
  readonly isStatic: boolean;
}

const FROM = /^[ \t]*(?:import|export)\b(?:[^"'`;()]*?\bfrom\s*)?\s*(["'])([^"']+)\1/gm;
const DYNAMIC = /\bimport\(\s*(["'`])([^"'`]+)\1/g;

export function fileOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

export function textOf(host: HotHost, url: string): string | null {
  const bytes = url.startsWith("file:") ? host.readBytes(fileOf(url)) : null;
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** Those by a path: a package is not edited. Types alone are no import, but do no harm here. */
export function importsOf(host: HotHost, url: string): Import[] {
  const text = textOf(host, url);
  if (text === null) return [];
  return [[FROM, true] as const, [DYNAMIC, false] as const].flatMap(([pattern, isStatic]) =>
    Array.from(text.matchAll(pattern), (match) => {
      const specifier = match[2]!;
      if (
        !/^(\.{0,2}\/|file:)/.test(specifier) || /^[ \t]*(?:import|export)\s+type\b/.test(match[0])
      ) {
        return [];
      }
      const line = text.slice(0, match.index + match[0].search(/\S/)).split("\n").length;
      return [{ url, line, specifier, target: new URL(specifier, url).href, isStatic }];
    }).flat()
  );
}

export class Sources {
  readonly own: string | null;
  readonly #others = new Map<string, string | null>();

  constructor(host: HotHost, url: string) {
    this.own = textOf(host, url);
    const seen = new Set([url]);
    for (const each of seen) {
      if (each !== url) this.#others.set(each, textOf(host, each));
      for (const { target } of importsOf(host, each)) seen.add(target);
    }
  }

  /** A file beside the module's own that is not what it was. */
  changedSince(before: Sources): string | null {
    for (const [url, text] of before.#others) {
      const now = this.#others.get(url);
      if (now !== undefined && now !== text) return fileOf(url);
    }
    return null;
  }
}
