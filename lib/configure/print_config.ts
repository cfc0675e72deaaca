import { encode } from "./encode.ts";
import { KEY_OPTIONS } from "./options.ts";
import type { Resolved } from "./resolve.ts";

/** The settings in effect as a file that could be kept, with where each came from. */
export function printConfig({ settings, origins }: Resolved): string {
  const rows = [
    { key: "command" as const, value: settings.command as unknown },
    ...KEY_OPTIONS.map(({ key, setting }) => ({ key, value: encode(key, settings[setting]) })),
  ].map(({ key, value }) => ({
    text: `  "${key}": ${JSON.stringify(value)},`,
    origin: origins[key],
  }));
  const width = Math.max(...rows.map(({ text }) => text.length));
  const lines = rows.map(({ text, origin }) => `${text.padEnd(width)}  // ${origin}`);
  return ["{", ...lines, "}", ""].join("\n");
}
