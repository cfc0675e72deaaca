import * as z from "zod";
import { type Kind, kind } from "./kind.ts";

/** Kinds of values. The `error` of each completes the sentence "expected …". */
export const toggle: Kind<boolean> = kind("nothing", () => z.boolean({ error: "true or false" }));

const anyText = () =>
  z.string({ error: "text in quotes" }).min(1, { error: "text that is not empty" });
const anyList = () => z.array(anyText(), { error: 'a list such as ["one", "two"]' });

export const text: Kind<string> = kind("text", anyText);

export const list: Kind<string[]> = kind("texts", anyList);

const positive = { error: "a whole number from 1" };
export const count: Kind<number> = kind(
  "number",
  () => z.number(positive).int(positive).min(1, positive),
);

/** One of a few names. */
export function choice<const T extends readonly [string, ...string[]]>(names: T): Kind<T[number]> {
  const quoted = names.map((name) => `"${name}"`);
  const error = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return kind("text", () => z.enum(names, { error }), names);
}

/** File name extensions, each with or without `.` or `*.`, several in one text divided by commas. */
export const extensions: Kind<string[]> = kind(
  "texts",
  () =>
    z.codec(anyList(), z.array(z.string()), {
      decode: (written) =>
        written.flatMap((each) => each.split(","))
          .map((each) => each.trim().replace(/^\*?\./, ""))
          .filter((each) => each !== ""),
      encode: (names) => names,
    }),
);
