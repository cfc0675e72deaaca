/** What a program imports to take part. */
export type { Baton, ComponentOptions, JoinOptions } from "./baton.ts";
export { join } from "./join.ts";
