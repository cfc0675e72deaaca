/** What a program imports to take part. */
export type {
  Baton,
  ComponentOptions,
  JoinOptions,
  ListenerOptions,
  ListenTarget,
} from "./baton.ts";
export { join } from "./join.ts";
