/*
 * Run by Deno or Bun before the program, which baton starts with one option more: notes who the process is, or has
 * it wait with the packages of the program linked, and none of them run; see `docs/standby.md`.
 *
 * What tells it what to do is a file of its own for each process (`lib/standby/told.ts`), not a variable: what a
 * program in Bun starts has the environment that Bun had, whatever was taken out of it since.
 */
import { encoded } from "./lines.mjs";
import { identity, isLeader } from "./identity.mjs";

const isBun = globalThis.Bun !== undefined;

/** `how` is what to do and where, `view` where to write what is seen, or ""; `file` has called this. */
export async function begin(how, view, file) {
  const host = await (isBun ? import("./bun.mjs") : import("./deno.mjs"));
  host.hide(file);
  if (!host.isMain() || !isLeader(host)) return; // Of the program's, and started as its parent was.
  const [mode] = how.split(":");
  const place = how.slice(mode.length + 1);
  try {
    if (mode === "learn") learn(host, place, file);
    if (mode === "park") await (await import("./park.mjs")).park(host, place, file);
    if (view !== "") (await import("./view.mjs")).begin(host, view);
  } catch {
    // Nothing is learned then. What was to be parked must not run: it would be a second instance of the program.
    if (mode === "park") host.exit(98);
  }
  host.hide(file);
}

function learn(host, folder, file) {
  const entry = host.entry();
  const lines = [encoded("who", ...identity(host, file)), encoded("path", packagesAbove(entry))];
  lines.push(encoded("import", entry));
  host.create(`${folder}/${host.pid}`, lines.join(""));
}

/** The folders that are searched for packages. */
function packagesAbove(entry) {
  const folders = entry.split("/").slice(0, -1);
  return folders.map((_, count) => `${folders.slice(0, count + 1).join("/")}/node_modules`);
}
