/** The types of a module that only re-exports, in one file: as TypeScript has them for a program in JavaScript. */

/** A declaration with the comment in front of it. */
const COMMENT = String.raw`(?:/\*\*(?:(?!\*/)[\s\S])*\*/\n)?`;

/** `index`: text of the module; `sources`: texts of those that it exports from. Throws where one is not found. */
export function declarations(index: string, sources: readonly string[]): string {
  const exported = [...index.matchAll(/export (?:type )?\{([^}]+)\}/g)]
    .flatMap(([, names]) => names!.split(",").map((name) => name.trim()))
    .filter((name) => name !== "");
  return exported.map((name) => declarationOf(name, sources.join("\n"))).join("\n");
}

function declarationOf(name: string, source: string): string {
  const find = (pattern: string) => new RegExp(`^${COMMENT}${pattern}`, "m").exec(source)?.[0];
  const type = find(String.raw`export interface ${name}\b[\s\S]*?^}\n`) ??
    find(String.raw`export type ${name}\b[\s\S]*?;\n`);
  if (type !== undefined) return type;
  const head = find(String.raw`export (?:async )?function ${name}\b[\s\S]*? \{\n`);
  if (head === undefined) throw new Error(`Cannot find what is exported as "${name}"`);
  return head
    .replace(/export (?:async )?function/, "export declare function")
    .replaceAll(/(\w+): (\w+) = \{\}/g, "$1?: $2")
    .replace(/ \{\n$/, ";\n");
}
