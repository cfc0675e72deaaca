import { basename, dirname, join } from "@std/path";
import type { Injection } from "../act/environment.ts";
import type { Platform } from "../platform/platform.ts";
import { entriesOf, explained } from "../explain.ts";
import type { Settings } from "../settings.ts";
import { interpreterOf } from "../standby/interpreter.ts";
import { isStandbyWanted } from "../standby/options.ts";
import { INJECTED_CLIENTS, type InjectedClient } from "./injected_clients.ts";

/** Those that a command may lead to: what is only for standby is left out where none can be parked. */
export function clientsFor(
  platform: Pick<Platform, "files" | "os" | "env">,
  settings: Pick<Settings, "command" | "standby" | "listen" | "proxy">,
): readonly InjectedClient[] {
  const interpreter = isStandbyWanted(platform, settings)
    ? interpreterOf(platform, settings.command, platform.env().PATH ?? "")
    : null;
  return INJECTED_CLIENTS.filter((one) =>
    one.interpreter === null || one.interpreter === interpreter
  );
}

const ONE_WORD = /^[\w@%+:,./-]+$/;

type Host = Pick<Platform, "files" | "user">;

const NEXT = 'Free the place, or choose another folder with "--state-dir"';

/**
 * Lays out the clients that programs find without having installed them, each in a folder of its own in that
 * which `keep` makes sure of. What is returned does so at each call and gives what the environment of a program
 * is to have; it reads the files only the first time. Throws `BatonError`.
 */
export function layOutClients(
  host: Host,
  keep: () => string,
  clients: readonly InjectedClient[] = INJECTED_CLIENTS,
): () => Injection[] {
  let current: string | null = null;
  return () => {
    const folder = explained("Cannot lay out the clients", NEXT, keep);
    const injections = clients.map((client) => layOut(host, folder, client, folder === current))
      .filter((injection) => injection !== null);
    current = folder;
    return injections;
  };
}

function layOut(
  { files, user }: Host,
  parent: string,
  { name, path: to, option, isWord, variable, language, sources }: InjectedClient,
  isCurrent: boolean,
): Injection | null {
  // What root has started may go on as another user, who must be able to read it.
  const [folderMode, fileMode] = user?.uid === 0 ? [0o755, 0o644] : [0o700, 0o600];
  return explained(`Cannot lay out the ${language} client`, NEXT, () => {
    const paths = Object.keys(sources).map((file) => ({ file, path: join(parent, name, file) }));
    for (const [inside, those] of Map.groupBy(paths, ({ path }) => dirname(path))) {
      const there = entriesOf(files, inside).map(({ name }) => name);
      if (there.length === 0) files.makeDir(inside, folderMode);
      for (const { file, path } of those) {
        const source = sources[file]!;
        const isThere = there.includes(basename(path));
        if (isThere && (isCurrent || files.readText(path) === source)) continue;
        if (!isThere && files.createExclusively(path, source, fileMode)) continue;
        files.writeAtomically(path, source, { mode: fileMode });
      }
    }
    const path = join(parent, name, to);
    if (option === "") return { variable, item: path, separator: ":" };
    const isOneWord = ONE_WORD.test(path);
    if (isWord && !isOneWord) return null;
    // Node before 12 takes a quotation mark for a part of the name.
    const named = isOneWord ? path : JSON.stringify(path);
    return { variable, item: `${option}${named}`, separator: " " };
  });
}
