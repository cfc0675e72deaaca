function refusalOf(command: string, ...args: string[]): string | null {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  return success ? null : new TextDecoder().decode(stderr).trim();
}

function run(command: string, ...args: string[]): void {
  const refusal = refusalOf(command, ...args);
  if (refusal !== null) throw new Error(refusal);
}

/** A small file system of its own on a folder, until disposed of. */
export class Tmpfs implements Disposable {
  private constructor(readonly folder: string) {}

  /** Null where this user may not mount one; says so. */
  static mount(folder: string, size: string): Tmpfs | null {
    const refusal = refusalOf("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
    if (refusal === null) return new Tmpfs(folder);
    console.warn(`NOT TESTED here, as no tmpfs can be mounted: ${refusal}`);
    return null;
  }

  remount(mode: "ro" | "rw"): void {
    run("mount", "-o", `remount,${mode}`, this.folder);
  }

  /** Leaves no byte free; removing the file that is returned frees them. */
  fill(): string {
    const path = `${this.folder}/filler`;
    using file = Deno.openSync(path, { write: true, create: true });
    const block = new Uint8Array(4_096);
    try {
      for (;;) file.writeSync(block);
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOSPC") throw error;
    }
    return path;
  }

  [Symbol.dispose](): void {
    run("umount", this.folder);
  }
}
