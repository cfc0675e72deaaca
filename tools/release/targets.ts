/** The machines that a release has an executable for, and what each way of installing calls them. */

export interface Target {
  /** In the names of files and packages. */
  readonly name: string;
  /** For `strangeness`, and for `deno compile` where `hasDeno`. */
  readonly triple: string;
  /** Whether Deno has a runtime for it; it has none for musl. */
  readonly hasDeno: boolean;
  /** For `bun build --compile`; the one that runs on old processors too. */
  readonly bun: string;
  /** When npm installs the package of it. */
  readonly npm: { readonly os: string; readonly cpu: string; readonly libc?: string };
}

const LINUX_X64 = { os: "linux", cpu: "x64" };
const LINUX_ARM64 = { os: "linux", cpu: "arm64" };

export const TARGETS: readonly Target[] = [
  {
    name: "linux-x64",
    triple: "x86_64-unknown-linux-gnu",
    hasDeno: true,
    bun: "bun-linux-x64-baseline",
    npm: { ...LINUX_X64, libc: "glibc" },
  },
  {
    name: "linux-arm64",
    triple: "aarch64-unknown-linux-gnu",
    hasDeno: true,
    bun: "bun-linux-arm64",
    npm: { ...LINUX_ARM64, libc: "glibc" },
  },
  {
    name: "linux-x64-musl",
    triple: "x86_64-unknown-linux-musl",
    hasDeno: false,
    bun: "bun-linux-x64-musl-baseline",
    npm: { ...LINUX_X64, libc: "musl" },
  },
  {
    name: "linux-arm64-musl",
    triple: "aarch64-unknown-linux-musl",
    hasDeno: false,
    bun: "bun-linux-arm64-musl",
    npm: { ...LINUX_ARM64, libc: "musl" },
  },
  {
    name: "darwin-x64",
    triple: "x86_64-apple-darwin",
    hasDeno: true,
    bun: "bun-darwin-x64-baseline",
    npm: { os: "darwin", cpu: "x64" },
  },
  {
    name: "darwin-arm64",
    triple: "aarch64-apple-darwin",
    hasDeno: true,
    bun: "bun-darwin-arm64",
    npm: { os: "darwin", cpu: "arm64" },
  },
];

/** The machine that this runs on; null where a release has nothing for it. */
export function targetHere(): Target | null {
  return TARGETS.find(({ triple }) => triple === Deno.build.target) ?? null;
}
