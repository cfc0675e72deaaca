/** What baton and this hook say to each other: a line is a message, its fields are between tabs. */

const ITEM = "\x1f";

const escaped = (text) =>
  text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");

const unescaped = (text) =>
  text.split("\\\\").map((part) => part.replaceAll("\\t", "\t").replaceAll("\\n", "\n"))
    .join("\\");

/** One line; a field is a text or a list of texts. */
export const encoded = (...fields) =>
  `${
    fields.map((field) => escaped(typeof field === "string" ? field : field.join(ITEM))).join("\t")
  }\n`;

/** The fields of a line without its end. */
export const decoded = (line) => line.split("\t").map(unescaped);

export const itemsOf = (field) => field ? field.split(ITEM) : [];
