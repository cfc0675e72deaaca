/** SHA-256 sums, as `sha256sum --check` reads them. */
import { createHash } from "node:crypto";

/** Lower-case hex. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const piece of file.readable) hash.update(piece);
  return hash.digest("hex");
}

/** Writes `SHA256SUMS`, of every other file in the folder. */
export async function writeSums(folder: string): Promise<void> {
  const names = [...Deno.readDirSync(folder)]
    .filter(({ name, isFile }) => isFile && name !== "SHA256SUMS")
    .map(({ name }) => name).sort();
  const lines: string[] = [];
  for (const name of names) lines.push(`${await sha256(`${folder}/${name}`)}  ${name}\n`);
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, lines.join(""));
}
