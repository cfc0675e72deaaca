import * as z from "zod";

/** Kinds of values. The `error` of each completes the sentence "expected …". */
export const toggle = z.boolean({ error: "true or false" });

export const text = z.string({ error: "text in quotes" })
  .min(1, { error: "text that is not empty" });

export const list = z.array(text, { error: 'a list such as ["one", "two"]' });

const positive = { error: "a whole number from 1" };
export const count = z.number(positive).int(positive).min(1, positive);

/** One of a few names. */
export function choice<const T extends readonly [string, ...string[]]>(names: T) {
  const quoted = names.map((name) => `"${name}"`);
  return z.enum(names, { error: `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}` });
}

/** File name extensions, each with or without `.` or `*.`, several in one text divided by commas. */
export const extensions = z.codec(list, z.array(z.string()), {
  decode: (written) =>
    written.flatMap((each) => each.split(","))
      .map((each) => each.trim().replace(/^\*?\./, ""))
      .filter((each) => each !== ""),
  encode: (names) => names,
});
