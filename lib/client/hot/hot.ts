import { clientHost } from "../host.ts";
import { callerOf } from "./caller.ts";
import { HotModules, type HotOptions } from "./hot_modules.ts";

/** Of the program; made when the first module is declared, and then known to the participant. */
let modules: HotModules | null = null;

export function hotModules(): HotModules | null {
  return modules;
}

function ensured(): HotModules {
  return modules ??= new HotModules(clientHost());
}

/**
 * Imports a module of which `reload` takes the next version while the program runs, and resolves to a handle
 * with its exports: functions taken from it call the newest version, also those taken before.
 *
 * `keep` names exported objects, arrays, maps and sets whose content goes on in the next version. The import
 * must be written out, with a path; `from`, `import.meta.url`, says from where where the stack does not.
 * Works on Deno, Bun and Node, with baton and without. Rejects where the import cannot be told, or fails.
 *
 * ```ts
 * const gui = await hot(() => import("./draw.ts"), { keep: ["state"] });
 * setInterval(() => gui.draw(), 16);
 * onKey("r", () => reload());
 * ```
 */
export function hot<Module extends object>(
  load: () => Promise<Module>,
  options: HotOptions = {},
): Promise<Module> {
  return ensured().declare(load, options, callerOf(new Error().stack));
}

/**
 * Takes the next version of all hot modules that have changed, or of none; resolves to whether it did.
 *
 * It refuses, and `reloadError` says why, where something would go on with the old version: a static import
 * of the module elsewhere, a class that has changed or that names what its module declares, a change in a file
 * that the module imports, a timer or a server that it starts when it is loaded. After an error in the new
 * version the old one goes on.
 */
export function reload(): Promise<boolean> {
  return ensured().reload();
}

/** Why the last reload did not take place; null where it did. */
export function reloadError(): string | null {
  return modules?.error ?? null;
}

/** Has a function called after each reload, with `reloadError`. */
export function onReload(run: (error: string | null) => void): void {
  ensured().listen(run);
}
