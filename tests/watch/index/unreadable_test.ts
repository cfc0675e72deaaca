import { assert, assertEquals } from "@std/assert";
import { type Files, PlatformError } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { Project } from "../support/project.ts";
import { withFiles } from "../support/with_files.ts";

const real = platform();

for (const pollMs of [null, 20]) {
  const how = pollMs === null ? "by events" : "by polling";
  Deno.test(`a file that nobody may look at for a while is told of, and watched on: ${how}`, async () => {
    const project = new Project();
    let isShut = false;
    const lstat: Files["lstat"] = (path) => {
      if (!isShut || path !== project.path("a.ts")) return real.files.lstat(path);
      throw new PlatformError("EACCES", "Cannot look at it: permission denied", path);
    };
    try {
      project.write("a.ts", "1");
      await project.start({ pollMs }, withFiles(real, { lstat }));
      isShut = true;
      project.write("a.ts", "2");
      await waitUntil("it is told", () => project.notices.length > 0);
      assert(project.notices.every((notice) => notice.endsWith("permission denied")));
      isShut = false;
      project.write("a.ts", "3");
      await waitUntil("the change is said", () => project.rounds.length > 0);
      assertEquals(project.rounds, [["a.ts"]]);
    } finally {
      await project.stop();
    }
  });
}

Deno.test("a file whose name is not UTF-8 is told of, once, and watched is what else there is", async () => {
  const project = new Project();
  const save = (text: string) => {
    const script = `echo ${text} > "$(printf 'caf\\351.py')"`;
    const { success } = new Deno.Command("sh", { args: ["-c", script], cwd: project.path("") })
      .outputSync();
    assert(success);
  };
  try {
    project.write("a.py", "1");
    await project.start();
    save("1");
    await waitUntil("it is told", () => project.notices.length > 0);
    save("2");
    project.write("a.py", "2");
    await waitUntil("the change is said", () => project.rounds.length > 0);
    assertEquals(project.rounds, [["a.py"]]);
    assertEquals(project.notices, [
      `Cannot see "${project.path("caf\ufffd.py")}": its name is not UTF-8; rename it`,
    ]);
  } finally {
    await project.stop();
  }
});
