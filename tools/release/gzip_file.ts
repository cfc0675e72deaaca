/** Writes a packed copy of a file. */
export async function gzipFile(from: string, to: string): Promise<void> {
  using source = await Deno.open(from);
  using target = await Deno.create(to);
  await source.readable.pipeThrough(new CompressionStream("gzip")).pipeTo(target.writable);
}
