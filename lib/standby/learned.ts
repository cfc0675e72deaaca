import { join } from "@std/path";
import { type Platform, PlatformError } from "../platform/platform.ts";
import { decodeLine, itemsOf } from "./fields.ts";
import { type Identity, identityOf } from "./identity.ts";

const MAX_BYTES = 16 * 1_024 * 1_024;

/** What a hook has noted of a program's start. */
export interface Learned {
  /** The file that it is noted in. */
  readonly path: string;
  readonly identity: Identity;
  /** The imports that began, in their order. */
  readonly imports: readonly string[];
  /** All that was noted but who it is: what is the same is imported in the same way. */
  readonly notes: string;
  /** Every folder that was ever searched for modules. */
  readonly searched: readonly string[];
  /** What was noted last, in milliseconds since 1970. */
  readonly notedAt: number;
  readonly sizeBytes: number;
}

/** The same, with which start that was and how long it took until it was up, in milliseconds. */
export interface LearnedStart extends Learned {
  readonly generation: number;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly coldMs: number;
}

/** Why a process started over, and at which import; null where it did not. */
export interface StartedOver {
  readonly at: number;
  readonly why: string;
}

/** What was noted in a folder; a sentence where nothing was that could be used. */
export function readLearned(
  { files }: Pick<Platform, "files">,
  folder: string,
  whyNot = "no interpreter that it knows has reported",
): Learned | string {
  const names = entries(files, folder).filter((name) => /^\d+$/.test(name));
  const [first] = names;
  if (first === undefined) return whyNot;
  if (names.length > 1) return "several interpreters run";
  const path = join(folder, first);
  const text = read(files, path);
  const stat = files.stat(path);
  if (text === null || stat === null) return "what it does at its start cannot be read";
  const lines = text.split("\n").slice(0, -1).map(decodeLine);
  const identity = lines[0]?.[0] === "who" ? identityOf(lines[0].slice(1)) : null;
  if (identity === null) return "what it does at its start cannot be read";
  const searched = new Set(
    lines.filter(([kind]) => kind === "path").flatMap(([, path]) => itemsOf(path)),
  );
  const imports = lines.filter(([kind]) => kind === "import").map(([, name = ""]) => name);
  const { mtimeMs: notedAt, sizeBytes } = stat;
  const notes = text.slice(text.indexOf("\n"));
  return { path, identity, imports, notes, searched: [...searched], notedAt, sizeBytes };
}

/** What a process has left that started over. */
export function readStartedOver(
  { files }: Pick<Platform, "files">,
  folder: string,
): StartedOver | null {
  const [line = ""] = (read(files, join(folder, "over")) ?? "").split("\n");
  const [kind, at, why = ""] = decodeLine(line);
  return kind === "over" ? { at: Number(at), why } : null;
}

/** None where nobody can look, as where too many files are open. */
export function entries(files: Platform["files"], folder: string): string[] {
  try {
    return files.stat(folder) === null ? [] : files.readDir(folder).map(({ name }) => name);
  } catch (error) {
    if (error instanceof PlatformError) return [];
    throw error;
  }
}

/** What the program could have put in its place is not read. */
function read(files: Platform["files"], path: string): string | null {
  try {
    return new TextDecoder().decode(
      files.readRegular(path, { maxBytes: MAX_BYTES, follow: false }),
    );
  } catch (error) {
    if (error instanceof PlatformError) return null;
    throw error;
  }
}
