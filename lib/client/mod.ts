/** What a program imports to take part. */
export type {
  Baton,
  BunServer,
  ComponentOptions,
  DenoServer,
  JoinOptions,
  ListenerOptions,
  ListenTarget,
  NodeServer,
  ServeOptions,
  Server,
} from "./baton.ts";
export { join } from "./join.ts";
export { hot, onReload, reload, reloadError } from "./hot/hot.ts";
export type { HotOptions } from "./hot/hot_modules.ts";
