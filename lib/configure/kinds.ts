import { type Kind, kind, type Zod } from "./kind.ts";

/** Kinds of values. The `error` of each completes the sentence "expected …". */
export const toggle: Kind<boolean> = kind(
  "nothing",
  (written) => typeof written === "boolean" ? written : undefined,
  (z) => z.boolean({ error: "true or false" }),
);

const readText = (written: unknown) =>
  typeof written === "string" && written !== "" ? written : undefined;

const anyText = (z: Zod) =>
  z.string({ error: "text in quotes" }).min(1, { error: "text that is not empty" });
const anyList = (z: Zod) => z.array(anyText(z), { error: 'a list such as ["one", "two"]' });

export const text: Kind<string> = kind("text", readText, anyText);

/** Text, or null for none. */
export const optionalText: Kind<string | null> = kind(
  "text",
  (written) => written === null ? null : readText(written),
  (z) => anyText(z).nullable(),
);

export const list: Kind<string[]> = kind(
  "texts",
  (written) => {
    if (!Array.isArray(written)) return undefined;
    const texts = written.map(readText);
    return texts.every((each) => each !== undefined) ? texts : undefined;
  },
  anyList,
);

const positive = { error: "a whole number from 1" };
export const count: Kind<number> = kind(
  "number",
  (written) => Number.isSafeInteger(written) && Number(written) >= 1 ? Number(written) : undefined,
  (z) => z.number(positive).int(positive).min(1, positive),
);

/** One of a few names. */
export function choice<const T extends readonly [string, ...string[]]>(names: T): Kind<T[number]> {
  const quoted = names.map((name) => `"${name}"`);
  const error = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  const read = (written: unknown) => names.find((name) => name === written);
  return kind("text", read, (z) => z.enum(names, { error }), names);
}

/** File name extensions, each with or without `.` or `*.`, several in one text divided by commas. */
export const extensions: Kind<string[]> = kind(
  "texts",
  (written) => {
    const texts = list.read(written);
    return texts && namesIn(texts);
  },
  (z) => z.codec(anyList(z), z.array(z.string()), { decode: namesIn, encode: (names) => names }),
);

function namesIn(written: readonly string[]): string[] {
  return written.flatMap((each) => each.split(","))
    .map((each) => each.trim().replace(/^\*?\./, ""))
    .filter((each) => each !== "");
}
