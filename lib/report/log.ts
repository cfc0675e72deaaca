import { VERSION } from "../version.ts";
import { escapedJson } from "./control.ts";
import type { Item } from "./item.ts";

type Dashed<T extends string> = T extends `${infer A} ${infer B}` ? `${A}-${B}` : T;

/** The `type` of a line of the log: that of the item, with a dash for a space. */
export type LogType = Dashed<Item["type"]>;

/** An item as one line of `--log json`, without its line end. `now`: milliseconds since 1970. */
export function logLine({ type, ...fields }: Item, now: number): string {
  const head = { baton: VERSION, time: new Date(now).toISOString(), type: type.replace(" ", "-") };
  return escapedJson({ ...head, ...fields });
}
