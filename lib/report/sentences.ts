import type { Item, ItemOf } from "./item.ts";
import type { Message, Sentences, View } from "./message.ts";
import { asides } from "./sentences/asides.ts";
import { candidates } from "./sentences/candidates.ts";
import { coming } from "./sentences/coming.ts";
import { ending } from "./sentences/ending.ts";
import { ladder } from "./sentences/ladder.ts";
import { leaving } from "./sentences/leaving.ts";
import { starting } from "./sentences/starting.ts";

/** Every kind of item has its sentences: a missing one does not compile. */
const SENTENCES: Sentences<Item["type"]> = {
  ...starting,
  ...coming,
  ...candidates,
  ...ladder,
  ...leaving,
  ...ending,
  ...asides,
};

/** What a person is told of an item, whatever the verbosity. */
export function sentencesOf<T extends Item["type"]>(
  item: ItemOf<T>,
  view: View,
): readonly Message[] {
  const tell = SENTENCES[item.type as T] as (item: ItemOf<T>, view: View) => readonly Message[];
  return tell(item, view);
}
