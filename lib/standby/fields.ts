/** How many bytes a line may have that a hook writes: the longest says the environment of a program. */
export const MAX_LINE_BYTES = 4 * 1_024 * 1_024;

const ITEM = "\x1f";

/** One line of what baton and the hook of a runtime say to each other: fields between tabs, escaped. */
export function encodeLine(...fields: readonly (string | readonly string[])[]): string {
  const texts = fields.map((field) => typeof field === "string" ? field : field.join(ITEM));
  return `${texts.map(escaped).join("\t")}\n`;
}

/** The fields of one line, which has no line end. */
export function decodeLine(line: string): string[] {
  return line.split("\t").map((field) =>
    field.split("\\\\").map((part) => part.replaceAll("\\t", "\t").replaceAll("\\n", "\n"))
      .join("\\")
  );
}

/** The items of a field that holds several. */
export function itemsOf(field: string | undefined): string[] {
  return field === undefined || field === "" ? [] : field.split(ITEM);
}

function escaped(field: string): string {
  return field.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");
}
