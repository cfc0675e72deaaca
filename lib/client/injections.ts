import { basename, dirname, join } from "@std/path";
import type { Injection } from "../act/environment.ts";
import { BatonError } from "../errors.ts";
import type { Entry, Platform } from "../platform/platform.ts";
import { once } from "../once.ts";
import { entriesOf, explained, refusedBySystem } from "../explain.ts";
import type { Settings } from "../settings.ts";
import { interpreterOf } from "../standby/interpreter.ts";
import { isStandbyWanted } from "../standby/options.ts";
import { preloadPlace } from "../standby/preload.ts";
import { type FileStamp, INJECTED_CLIENTS, type InjectedClient } from "./injected_clients.ts";

/**
 * Those that a command may lead to: what is only for standby is left out where none can be parked. One without a path is
 * only laid out: another one's hook loads parts of it.
 */
export function clientsFor(
  platform: Pick<Platform, "files" | "os" | "env">,
  settings: Pick<Settings, "command" | "standby" | "listen" | "proxy">,
): readonly InjectedClient[] {
  const interpreter = isStandbyWanted(platform, settings)
    ? interpreterOf(platform, settings.command, platform.env().PATH ?? "")
    : null;
  const isPreloaded = typeof preloadPlace(settings.command) === "number";
  return INJECTED_CLIENTS.filter((one) =>
    one.interpreter === null ||
    interpreter !== null && one.interpreter.split("|").includes(interpreter) &&
      (one.variable !== "" || interpreter === "node" || isPreloaded)
  ).map((one) => one.variable === "" && !isPreloaded ? { ...one, path: "" } : one);
}

const ONE_WORD = /^[\w@%+:,./-]+$/;

type Host = Pick<Platform, "files" | "user">;

const NEXT = "Free the place, or let XDG_STATE_HOME name another folder";

/** The clients that programs find without having installed them, each in a folder of its own. */
export interface LaidOutClients {
  /** Loads them unless they are laid out, before the first program is started. */
  prepare(): Promise<void>;
  /** Reads what they are laid out from: most of baton's text, for which no program's start is to wait. */
  load(): Promise<void>;
  /**
   * Lays out what is missing, once they are loaded, and gives what the environment of a program is to have: with all
   * clients, unless those are to be left out that are for standby alone. Throws `BatonError`.
   */
  layOut(withStandby?: boolean): Injection[];
}

/** Clients in the folder that `keep` makes sure of. */
export function layOutClients(
  { files, user }: Host,
  keep: () => string,
  clients: readonly InjectedClient[] = INJECTED_CLIENTS,
  read: () => Promise<Sources> = readSources,
): LaidOutClients {
  let sources: Sources | null = null;
  const load = once(async () => void (sources = await read()));
  let current: string | null = null;
  // What root has started may go on as another user, who must be able to read it.
  const [folderMode, fileMode] = user?.uid === 0 ? [0o755, 0o644] : [0o700, 0o600];

  const isAsLaidOut = (path: string, [sizeBytes, mtimeMs]: FileStamp) => {
    const stat = files.lstat(path);
    return stat?.kind === "file" && stat.sizeBytes === sizeBytes && stat.mtimeMs === mtimeMs;
  };

  function areLaidOut(): boolean {
    try {
      const parent = keep();
      for (const client of clients) {
        for (const [file, stamp] of Object.entries(client.files)) {
          if (!isAsLaidOut(join(parent, client.name, file), stamp)) return false;
        }
      }
      current = parent;
      return true;
    } catch (error) {
      refusedBySystem(error); // It is told of where they are laid out.
      return false;
    }
  }

  function write(path: string, text: string, [, mtimeMs]: FileStamp, isThere: boolean): void {
    const isWritten = isThere
      ? files.readText(path) === text
      : files.createExclusively(path, text, fileMode);
    if (!isWritten) files.writeAtomically(path, text, { mode: fileMode });
    stamp(path, mtimeMs);
  }

  /** Without it the file is read at each start. */
  function stamp(path: string, mtimeMs: number): void {
    try {
      files.setModified(path, mtimeMs);
    } catch (error) {
      refusedBySystem(error);
    }
  }

  /** Nothing is written through a link, whoever has put it there. */
  function checkTop(top: string, strange: ReturnType<typeof strangeIn>): void {
    const kind = files.lstat(top)?.kind ?? "directory";
    refuseStrange(kind === "directory" ? strange(top, entriesOf(files, top)) : top);
  }

  function layOutOne(parent: string, client: InjectedClient): void {
    const { name } = client;
    const top = join(parent, name);
    const strange = strangeIn(client, top);
    checkTop(top, strange);
    const all = Object.entries(client.files).map(([file, stamp]) => ({
      path: join(top, file),
      text: sources?.[name]?.[file],
      stamp,
    }));
    for (const [inside, those] of Map.groupBy(all, ({ path }) => dirname(path))) {
      const entries = entriesOf(files, inside);
      refuseStrange(strange(inside, entries));
      const there = new Set(entries.map(({ name }) => name));
      if (there.size === 0) files.makeDir(inside, folderMode);
      for (const { path, text, stamp } of those) {
        const isThere = there.has(basename(path));
        const isDone = isThere && (parent === current || isAsLaidOut(path, stamp));
        if (!isDone && text !== undefined) write(path, text, stamp, isThere);
      }
    }
  }

  return {
    async prepare() {
      if (!areLaidOut()) await load();
    },
    load,
    layOut(withStandby = true) {
      const parent = explained("Cannot lay out the clients", NEXT, keep);
      for (const client of clients) {
        explained(
          `Cannot lay out the ${client.language} client`,
          NEXT,
          () => layOutOne(parent, client),
        );
      }
      current = parent;
      return clients.filter(({ interpreter }) => withStandby || interpreter === null)
        .filter(({ path }) => path !== "")
        .map((client) => injectionOf(client, join(parent, client.name, client.path)))
        .filter((injection) => injection !== null);
    },
  };
}

/**
 * Finds what is not baton's in a client's folder, `top`: a link in place of a folder, and what stands beside baton's own
 * files where an interpreter looks for modules. That would be run.
 */
function strangeIn(
  { files, path, option, variable }: InjectedClient,
  top: string,
): (folder: string, entries: readonly Entry[]) => string | null {
  const searched = option === "" && variable !== "" ? [top, join(top, path)] : [];
  const own = new Set<string>();
  const folders = new Set<string>();
  for (const file of Object.keys(files)) {
    own.add(`${top}/${file}`);
    for (let at = file.indexOf("/"); at >= 0; at = file.indexOf("/", at + 1)) {
      folders.add(`${top}/${file.slice(0, at)}`);
    }
  }
  return (folder, entries) => {
    const isSearched = searched.includes(folder);
    for (const { name, kind } of entries) {
      const path = `${folder}/${name}`;
      const isFolder = folders.has(path);
      if (kind === "symlink" && isFolder) return path;
      if (isSearched && !isFolder && !own.has(path) && !HARMLESS.test(name)) return path;
    }
    return null;
  };
}

/** What interpreters leave there, no module's name, and a file that is being written. */
const HARMLESS = /^(__pycache__|\..*|.*\.tmp)$/;

function refuseStrange(path: string | null): void {
  if (path === null) return;
  throw new BatonError({
    what: `Cannot lay out the clients that programs find: "${path}" is not baton's`,
    where: path,
    next: "Remove it, or let XDG_STATE_HOME name another folder",
  });
}

type Sources = Readonly<Record<string, Readonly<Record<string, string>>>>;

async function readSources(): Promise<Sources> {
  return (await import("./injected_sources.ts")).INJECTED_SOURCES;
}

function injectionOf(
  { option, isWord, variable }: InjectedClient,
  path: string,
): Injection | null {
  if (variable === "") return { variable, item: path, separator: " " };
  if (option === "") return { variable, item: path, separator: ":" };
  const isOneWord = ONE_WORD.test(path);
  if (isWord && !isOneWord) return null;
  // Node before 12 takes a quotation mark for a part of the name.
  const named = isOneWord ? path : JSON.stringify(path);
  return { variable, item: `${option}${named}`, separator: " " };
}
