/** Loads and links modules, by their paths or URLs; none of them runs. */
export async function link(host, targets, folder) {
  const first = new URL("./throw.mjs", import.meta.url).href;
  const text = [first, ...targets].map((name) => `import ${JSON.stringify(name)};\n`).join("");
  const file = `${folder}/link-${host.pid}.mjs`;
  host.create(file, text);
  try {
    await import(file.startsWith("/") ? `file://${file}` : file);
  } catch (error) {
    if (error !== null) throw error;
  }
  host.hide(file);
}
