/**
 * What a program imports to take part in its own handoff, and what embeds baton in another tool.
 *
 * @module
 */
export * from "./lib/client/mod.ts";
export { supervise } from "./lib/embed.ts";
export type { Run, SuperviseOptions } from "./lib/embed.ts";
export type * from "./lib/events.ts";
