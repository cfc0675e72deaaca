import { assertEquals, assertMatch } from "@std/assert";
import { platform } from "../../support/platform.ts";
import { PseudoFolders } from "../../../lib/watch/index/pseudo_folders.ts";
import { inProject } from "../support/project.ts";

const on = platform();

Deno.test("what the system shows is told from files by where it is, and by its file system", () => {
  const pseudo = new PseudoFolders(on, ["/tmp"]);
  const device = on.files.stat("/tmp")!.device;
  const holds = (path: string) => pseudo.holds(path, on.files.stat(path) ?? { device });
  for (const path of ["/proc", "/proc/self/fd", "/sys", "/dev", "/dev/null", "/run"]) {
    assertEquals(holds(path), true, path);
  }
  for (const path of ["/", "/tmp", "/etc", "/usr/bin", "/runner", "/home/me/proc"]) {
    assertEquals(holds(path), false, path);
  }
  assertEquals(pseudo.holds("/jail/proc/1", on.files.stat("/proc")!), true);
});

Deno.test("what was asked for is no such folder", () => {
  const root = on.files.stat("/dev/shm") === null ? "/dev" : "/dev/shm";
  const pseudo = new PseudoFolders(on, [root]);
  assertEquals(pseudo.holds(`${root}/app`, on.files.stat(root)!), false);
});

for (const pollMs of [null, 20]) {
  const how = pollMs === null ? "by events" : "by polling";
  Deno.test(`links to what the system shows are not followed: ${how}`, () =>
    inProject(async (project) => {
      project.write("a.ts", "1");
      project.write("rootfs/etc/b.ts", "1");
      const links = {
        ...{ "rootfs/fd": "/proc/self/fd", "rootfs/stdin": "/proc/self/fd/0" },
        ...{ "rootfs/etc/mtab": "/proc/self/mounts", "rootfs/run": "/run", "rootfs/dev": "/dev" },
        ...{ "rootfs/sys": "/sys/kernel", "rootfs/up": "/proc/uptime" },
      };
      for (const [link, target] of Object.entries(links)) {
        Deno.symlinkSync(target, project.path(link));
      }
      await project.start({ pollMs });
      assertEquals(project.armed?.folders, 3);
      project.write("a.ts", "2");
      await project.said("a.ts");
      for (let round = 0; round < 3; round++) await project.cookie();
      assertEquals(project.restarts, [["a.ts"]]);
      Deno.removeSync(project.path("rootfs/dev"));
      Deno.symlinkSync("/proc", project.path("rootfs/dev"));
      await project.said("rootfs/dev");
    }));
}

Deno.test("a root that is a link is not followed to what the system shows, which is said", () =>
  inProject(async (project) => {
    project.write("a.ts", "1");
    Deno.symlinkSync("/proc/1", project.path("link"));
    await project.start({ watch: ["link", "a.ts"] });
    assertMatch(project.notices.join(), /^Does not look into ".*\/link": it leads to "\/proc\/1"/);
    assertEquals(project.armed?.folders, 0);
    for (const text of ["2", "3"]) {
      project.write("a.ts", text);
      await project.said("a.ts");
    }
    assertEquals(project.restarts, [["a.ts"], ["a.ts"]]);
    Deno.removeSync(project.path("link"));
    Deno.symlinkSync("/proc/self", project.path("link"));
    await project.said("link");
  }));
