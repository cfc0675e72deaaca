/** What the hook asks of Deno, by Deno's own names: modules of Node take tens of milliseconds to load. */

export const pid = Deno.pid;
export const cwd = () => Deno.cwd();
export const isMain = () => globalThis.WorkerGlobalScope === undefined;
export const env = (name) => Deno.env.get(name);
export const setEnv = (name, value) => Deno.env.set(name, value);
export const exit = (status) => Deno.exit(status);
export const read = (path) => Deno.readTextFileSync(path);
export const write = (path, text) => Deno.writeTextFileSync(path, text);
export const link = (path) => Deno.readLinkSync(path);
export const real = (path) => Deno.realPathSync(path);
export const list = (path) => Array.from(Deno.readDirSync(path), ({ name }) => name);
export const create = (path, text) =>
  Deno.writeTextFileSync(path, text, { createNew: true, mode: 0o600 });
export const entry = () => pathOf(Deno.mainModule) ?? Deno.mainModule;
export const oddities = () => [];
export const writers = () => [Deno.stdout, Deno.stderr];
/** Packages from npm have timers of their own before Deno 2.6. */
export const withTimers = () => [globalThis, Deno[Deno.internal]?.nodeGlobals ?? {}];

/** Nobody can ask Deno which modules it has. */
export const hide = () => {};

/** Null where nothing is there. */
export function stat(path) {
  try {
    const { isDirectory, mtime, ctime, size, ino } = Deno.statSync(path);
    return { isDirectory, stamp: `${+mtime} ${+ctime} ${size} ${ino}`, changedAt: +ctime };
  } catch {
    return null;
  }
}

/** The connection to baton: `read` resolves with null where that is gone. */
export async function connect(path) {
  const connection = await Deno.connect({ transport: "unix", path });
  const bytes = new Uint8Array(65_536);
  return {
    async write(data) {
      for (let at = 0; at < data.length;) at += await connection.write(data.subarray(at));
    },
    async read() {
      const count = await connection.read(bytes);
      return count === null ? null : bytes.slice(0, count);
    },
    close: () => connection.close(),
  };
}

/** The path of a file's URL; null for any other. */
export function pathOf(url) {
  return url.startsWith("file:") ? decodeURIComponent(new URL(url).pathname) : null;
}

export const environment = () => Deno.env.toObject();
export const rename = (from, to) => Deno.renameSync(from, to);
export const later = (run, ms) => void Deno.unrefTimer(setTimeout(run, ms));
export const seen = () => ({
  "arguments": Deno.args,
  "names": Object.getOwnPropertyNames(Deno),
  "unhandled": [typeof globalThis.onerror, typeof globalThis.onload],
});
