/**
 * What a program imports to take part in its own handoff, and what embeds baton in another tool.
 *
 * @module
 */
export * from "./lib/client/mod.ts";
export { type Run, supervise, type SuperviseOptions } from "./lib/embed.ts";
