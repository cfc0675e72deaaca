import type { Surroundings } from "../../lib/configure/project.ts";
import { PlatformError, type Stat } from "../../lib/platform/platform.ts";

/** A working directory `/project` in memory; `written` is what is in it now, `commands` are on PATH, or in it. */
export function memoryHost(
  files: Readonly<Record<string, string>> = {},
  commands: readonly string[] = [],
): Surroundings & { readonly written: Map<string, string> } {
  const cwd = "/project";
  const written = new Map(Object.entries(files).map(([name, text]) => [`${cwd}/${name}`, text]));
  const stat = (text: string): Stat => ({
    kind: "file",
    sizeBytes: text.length,
    mtimeMs: 0,
    ctimeMs: 0,
    inode: 1,
    links: 1,
    device: 1,
    mode: 0o100644,
  });
  const statAt = (path: string) => {
    const text = written.get(path);
    return text === undefined ? null : stat(text);
  };
  return {
    cwd,
    written,
    env: () => ({ PATH: "/empty:/bin" }),
    files: {
      isExecutable: (path) =>
        commands.some((name) => path === (name.includes("/") ? `${cwd}/${name}` : `/bin/${name}`)),
      readDir(path) {
        const inside = [...written.keys()].filter((each) => each.startsWith(`${path}/`));
        const rests = inside.map((each) => each.slice(path.length + 1).split("/"));
        const kinds = new Map(rests.map(([name, ...rest]) => [name!, rest.length > 0]));
        return [...kinds].map(([name, isFolder]) => ({
          name,
          kind: isFolder ? "directory" : "file",
        }));
      },
      stat: statAt,
      lstat: statAt,
      readRegular(path) {
        const text = written.get(path);
        if (text === undefined) throw new PlatformError("ENOENT", "no such file", path);
        return new TextEncoder().encode(text);
      },
      createExclusively(path, data) {
        if (written.has(path)) return false;
        written.set(path, data);
        return true;
      },
    },
  };
}
