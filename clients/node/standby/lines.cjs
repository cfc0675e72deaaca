"use strict";
/** What baton and this hook say to each other: a line is a message, its fields are between tabs. */

const ITEM = "\x1f";

/** Few texts have any: a cold start that notes hundreds of paths looks for all of them at once. */
const SPECIAL = /[\\\t\n]/;

const escaped = (text) =>
  SPECIAL.test(text)
    ? text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n")
    : text;

const unescaped = (text) =>
  text.split("\\\\").map((part) => part.replaceAll("\\t", "\t").replaceAll("\\n", "\n"))
    .join("\\");

/** One line; a field is a text or a list of texts. */
const encoded = (...fields) =>
  `${
    fields.map((field) => escaped(typeof field === "string" ? field : field.join(ITEM))).join("\t")
  }\n`;

/** The fields of a line without its end. */
const decoded = (line) => line.split("\t").map(unescaped);

const itemsOf = (field) => field ? field.split(ITEM) : [];

module.exports = { escaped, encoded, decoded, itemsOf };
