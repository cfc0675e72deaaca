/** What the hook asks of Bun. */
import * as fs from "node:fs";
import { read } from "./files.mjs";

export * from "./files.mjs";
export const isMain = () => Bun.isMainThread;
export const env = (name) => process.env[name];
export const setEnv = (name, value) => void (process.env[name] = value);
export const entry = () => Bun.main;

/** What `process` writes to is made when it is asked for. */
export const writers = () => [];
export const withTimers = () => [globalThis];

/** What a `bunfig.toml` may have run, or loaded in another way. */
const UNFIT_SETTING = /^\s*(preload|plugins|define|loader|macros)\b/m;

export function oddities() {
  const home = process.env.HOME ?? "/";
  const places = [process.cwd(), home, process.env.XDG_CONFIG_HOME ?? `${home}/.config`];
  const files = places.flatMap((place) => [`${place}/bunfig.toml`, `${place}/.bunfig.toml`]);
  const found = files.filter((file) => fs.existsSync(file) && UNFIT_SETTING.test(read(file)))
    .map((file) => `${file} has something loaded before it`);
  const isListed = Object.keys(require.cache).some((key) => /^[a-z_/]+$/.test(key));
  if (isListed) found.push(`Bun ${Bun.version} lists its own modules among those of the program`);
  return found;
}

const own = import.meta.dirname;

/** It does so two turns later at the latest. */
const TURNS = 10;

/** Leaves no trace of this folder, nor of `file`. */
export function hide(file) {
  const { execArgv } = process;
  const at = execArgv.indexOf(`--preload=${file}`);
  if (at >= 0) execArgv.splice(at, 1);
  const { cache } = require;
  let turns = 0;
  const clean = () => {
    for (const key of Object.keys(cache)) {
      if (key === file || key.startsWith(own)) delete cache[key];
    }
    // Bun puts in what has just been run. By a timer, or another turn of `process`, the program could tell.
    if (turns++ < TURNS) Promise.resolve().then(clean);
  };
  clean();
}

/** The connection to baton: `read` resolves with null where that is gone. */
export async function connect(unix) {
  const chunks = [];
  let isOpen = true;
  let wake = () => {};
  let drained = () => {};
  const socket = await Bun.connect({
    unix,
    socket: {
      data(_, bytes) {
        chunks.push(new Uint8Array(bytes));
        wake();
      },
      drain: () => drained(),
      close() {
        isOpen = false;
        wake();
        drained();
      },
    },
  });
  return {
    async write(data) {
      for (let at = 0; isOpen && at < data.length;) {
        const count = socket.write(data.subarray(at));
        at += count;
        if (at < data.length) await new Promise((resolve) => drained = resolve);
      }
    },
    async read() {
      while (chunks.length === 0 && isOpen) await new Promise((resolve) => wake = resolve);
      return chunks.shift() ?? null;
    },
    close: () => socket.end(),
  };
}

export const environment = () => ({ ...process.env });
export const later = (run, ms) => void setTimeout(run, ms).unref();
export const seen = () => ({
  "arguments": [process.argv, process.execArgv, process.argv0, Bun.argv],
  "modules": Object.keys(require.cache).filter((key) => !key.startsWith(own)),
  "handlers": process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  "resources": process.getActiveResourcesInfo?.(),
  "process": Object.getOwnPropertyNames(process).sort(),
  "names": Object.getOwnPropertyNames(Bun).sort(),
  "exit code": process.exitCode,
});
