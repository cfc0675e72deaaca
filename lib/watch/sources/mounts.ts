import { refusedBySystem } from "../../explain.ts";
import type { Platform, PlatformError } from "../../platform/platform.ts";
import { isWithin } from "../../paths/path.ts";

/** File systems whose other side can write without an event here; of FUSE only a program knows what it shows. */
const REMOTE =
  /^(nfs4?|cifs|smb3?|9p|virtiofs|vboxsf|vmhgfs|prl_fs|fuse(\..+)?|fakeowner|afs|ceph|glusterfs|lustre)$/;

/** File systems that show what the system does, in place of files that somebody wrote. */
const PSEUDO =
  /^(proc|sysfs|devtmpfs|devpts|cgroup2?|debugfs|tracefs|securityfs|pstore|bpf|configfs|mqueue|efivarfs|fusectl|binfmt_misc|rpc_pipefs|nsfs|selinuxfs|nfsd|hugetlbfs)$/;

export interface Mount {
  readonly point: string;
  /** As `Stat.device` has it. */
  readonly device: number;
  readonly isRemote: boolean;
  readonly isPseudo: boolean;
}

/** The folders at or below `folder`, a real path, from which on others can write without an event. */
export function remoteFolders(mounts: readonly Mount[], folder: string): string[] {
  const at = mounts.filter(({ point }) => isWithin(folder, point))
    .reduce<Mount | null>((best, mount) => isInside(mount, best) ? mount : best, null);
  if (at?.isRemote) return [folder];
  return mounts.filter(({ point, isRemote }) => isRemote && isWithin(point, folder))
    .map(({ point }) => point);
}

/** What is mounted below a folder, a real path. */
export function mountsBelow(mounts: readonly Mount[], folder: string): string[] {
  return mounts.map(({ point }) => point).filter((point) =>
    point !== folder && isWithin(point, folder)
  );
}

/** Of two at the same point the later one is seen. */
function isInside(mount: Mount, best: Mount | null): boolean {
  return best === null || mount.point.length >= best.point.length;
}

/** What is mounted now (Linux; elsewhere none). Where the system does not say, it is as if nothing was. */
export function mountsOf(
  { files, os }: Platform,
  onRefused: (refusal: PlatformError) => void = () => {},
): Mount[] {
  if (os !== "linux") return [];
  try {
    return mountsIn(files.readText("/proc/self/mountinfo"));
  } catch (error) {
    onRefused(refusedBySystem(error));
    return [];
  }
}

/** Spaces and the like are written there as octal numbers. */
function mountsIn(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [mount, source] = line.split(" - ");
    const [, , numbers, , point] = mount?.split(" ") ?? [];
    const type = source?.split(" ")[0];
    if (point === undefined || type === undefined) return [];
    const path = point.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8)));
    const [major, minor] = numbers!.split(":").map(Number);
    const device = deviceOf(major!, minor!);
    return [{ point: path, device, isRemote: REMOTE.test(type), isPseudo: PSEUDO.test(type) }];
  });
}

/** As makedev(3) has it, but for numbers that no system gives. */
function deviceOf(major: number, minor: number): number {
  const fine = minor % 256;
  return (minor - fine) * 4_096 + major * 256 + fine;
}
