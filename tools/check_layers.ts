/**
 * The rules of the rooms in `lib/`: what a file may import, where the outside world may be named, and
 * that a `mod.ts` only re-exports. As a program it prints what breaks them.
 */
import { place, readSources, type Source, withoutComments } from "./source.ts";

/** A file imports only from its own room and those to its left. */
const ROOMS = [
  "errors",
  "once",
  "duration",
  "settings",
  "version",
  "platform",
  "paths",
  "explain",
  "configure",
  "watch",
  "protocol",
  "state",
  "standby",
  "gate",
  "decide",
  "act",
  "report",
  "proxy",
  "client",
  "control",
  "run",
  "verify",
  "keys",
  "events",
  "embed",
  "answer",
  "main",
  "mod",
  "cli",
];

const IMPORT = /\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g;
const OUTSIDE_WORLD = /\bDeno\b|\bBun\b|["']node:\w+|\bprocess\./g;
const RE_EXPORT = /export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from\s*"[^"]+";/g;

/** Holds as text what runs in programs. */
const EMBEDDED = "lib/client/injected_sources.ts";
/** A program that takes part is no part of baton: what it needs of the outside world is its client's own. */
const CLIENT_HOSTS = ["host", "deno_host", "node_host"].map((name) => `lib/client/${name}.ts`);

/** The room of a path; null where it is in none. */
function roomOf(path: string): string | null {
  if (path === "mod.ts" || path === "cli.ts") return path.slice(0, -3);
  return /^lib\/([^/.]+)(?:\/|\.ts$)/.exec(path)?.[1] ?? null;
}

function rankOf(path: string): number {
  return ROOMS.indexOf(roomOf(path) ?? "");
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function* importRules({ path, text }: Source): Generator<string> {
  if (rankOf(path) < 0) {
    yield `${path}: "${roomOf(path)}" is not a room`;
    return;
  }
  for (const match of text.matchAll(IMPORT)) {
    if (!match[1]!.startsWith(".")) continue;
    const target = resolve(path, match[1]!);
    const rank = rankOf(target);
    if (rank < 0 || rank > rankOf(path)) {
      yield `${place(path, text, match.index)}: imports "${target}", which is not to its left`;
    }
  }
}

function* outsideRules({ path, text }: Source): Generator<string> {
  if (!path.startsWith("lib/") || roomOf(path) === "platform") return;
  if (CLIENT_HOSTS.includes(path) || path === EMBEDDED) return;
  for (const match of text.matchAll(OUTSIDE_WORLD)) {
    const named = match[0].replace(/["']/g, "");
    yield `${place(path, text, match.index)}: names ${named} outside lib/platform/`;
  }
}

function* modRules({ path, text }: Source): Generator<string> {
  if (!/(^|\/)mod\.ts$/.test(path)) return;
  if (text.replace(RE_EXPORT, "").trim() !== "") yield `${path}: does more than re-export`;
}

/** What breaks the rules of the rooms, as `path:line: what`. */
export function layerViolations(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => path.endsWith(".ts") && roomOf(path) !== null)
    .map(({ path, text }) => ({ path, text: withoutComments(text) }))
    .flatMap((source) => [
      ...importRules(source),
      ...outsideRules(source),
      ...modRules(source),
    ]);
}

if (import.meta.main) {
  const violations = layerViolations(await readSources());
  violations.forEach((violation) => console.error(violation));
  Deno.exit(violations.length === 0 ? 0 : 1);
}
