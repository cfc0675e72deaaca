/** Where two values that JSON can hold differ: a line for each place. */
export function differences(one: unknown, other: unknown, place = ""): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  if (isObject(one) && isObject(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    const found = keys.flatMap((key) => differences(one[key], other[key], `${place}/${key}`));
    if (found.length > 0) return found;
    const [before, after] = [Object.keys(one), Object.keys(other)];
    const at = before.findIndex((key, index) => key !== after[index]);
    return [`${place}: the order of what is there, from ${before[at]}, which is ${after[at]}`];
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    const [before, after] = [one, other].map((list) => list.map((item) => JSON.stringify(item)));
    const gone = before!.filter((text) => !after!.includes(text));
    const come = after!.filter((text) => !before!.includes(text));
    if (gone.length === 0 && come.length === 0) {
      const at = before!.findIndex((text, index) => text !== after![index]);
      return [`${place}: the order of what is there, from ${before![at]}, which is ${after![at]}`];
    }
    return [`${place}: without ${gone.join(" ")}; with ${come.join(" ")}`];
  }
  return [`${place}: ${JSON.stringify(one)} is ${JSON.stringify(other)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
