// deno-lint-ignore-file no-import-prefix
/** Stand-in for `@std/path/posix`; the same signatures. */
import * as std from "npm:deno-std@1.4.0/path/posix/mod.js";

export const DELIMITER: ":" | ";" = std.DELIMITER;
export const SEPARATOR: "/" | "\\" = std.SEPARATOR;
export const basename: (path: string | URL, suffix?: string) => string = std.basename;
export const dirname: (path: string | URL) => string = std.dirname;
export const fromFileUrl: (url: string | URL) => string = std.fromFileUrl;
export const isAbsolute: (path: string) => boolean = std.isAbsolute;
export const join: (path: string | URL, ...paths: string[]) => string = std.join;
export const relative: (from: string, to: string) => string = std.relative;
export const resolve: (...pathSegments: string[]) => string = std.resolve;
export const toFileUrl: (path: string) => URL = std.toFileUrl;
