import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { type Platform, PlatformError } from "../../../lib/platform/platform.ts";
import { waitUntil } from "../../support/wait_until.ts";
import type { Clause } from "../contract.ts";
import { type Run, run, sh } from "./program.ts";
import { inScratch } from "./scratch.ts";

export const processContract: readonly Clause[] = [
  {
    name: "every exit status and the signal that killed are told apart",
    async keep(platform) {
      for (const code of [0, 1, 127, 255]) {
        assertEquals(await run(platform, sh(`exit ${code}`)).exit, { kind: "exited", code });
      }
      for (const [name, number] of [["TERM", 15], ["KILL", 9], ["HUP", 1], ["USR1", 10]] as const) {
        const status = { kind: "signaled", signal: `SIG${name}`, code: 128 + number } as const;
        assertEquals(await run(platform, sh(`kill -${name} $$`)).exit, status);
      }
    },
  },
  {
    name: "a real-time signal, which has no name, is told by its number",
    async keep(platform) {
      if (platform.name === "bun") {
        return console.warn("SKIPPED: Bun 1.4 tells of one as of an exit with status 0");
      }
      const status = { kind: "signaled", signal: "SIG40", code: 168 } as const;
      assertEquals(await run(platform, sh("kill -40 $$")).exit, status);
    },
  },
  {
    name: "a program gets its arguments, folder and whole environment as they are",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const script = 'printf "%s|" "$1" "$PWD" "$MARK" "$HOME" >&2';
        const { exit, stderr } = run(platform, [...sh(script), "sh", "a *'$HOME"], {
          cwd: folder,
          env: { PATH: platform.env().PATH ?? "", MARK: "é" },
        });
        await exit;
        assertEquals(stderr(), `a *'$HOME|${folder}|é||`);
      }),
  },
  {
    name: "all of stderr comes before the exit",
    async keep(platform) {
      const { exit, stderr } = run(
        platform,
        sh("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done >&2"),
      );
      await exit;
      assertEquals(stderr().split("\n").length, 2001);
    },
  },
  {
    name: "an exit is not held back by whoever keeps stderr open",
    async keep(platform) {
      await run(platform, sh("exit 0")).exit; // what a runtime opens for its first program stays open
      const before = openFiles(platform);
      const { process, exit } = run(platform, sh("sleep 60 & exit 3"));
      const tree = platform.processes.tree(process.pid, {});
      try {
        assertEquals(await exit, { kind: "exited", code: 3 });
      } finally {
        tree.kill();
      }
      await waitUntil("all is gone", () => tree.alive().length === 0);
      await waitUntil("its stderr is closed", () => openFiles(platform) <= before);
    },
  },
  {
    name: "the output of a command is told with its status; what never ends is killed",
    async keep({ processes }) {
      const output = (script: string, timeoutMs = 5_000) =>
        processes.output(sh(script), { timeoutMs });
      assertEquals(await output("printf 'a\\né'; exit 3"), { code: 3, stdout: "a\né" });
      const killed = await output("cat; kill -9 $$");
      assert(killed.code !== 0 && killed.stdout === "", JSON.stringify(killed));
      for (const [command, code] of [["no-such-command", "ENOENT"], ["/etc/passwd", "EACCES"]]) {
        const error = await assertRejects(
          () => processes.output([command!], { timeoutMs: 5_000 }),
          PlatformError,
        );
        assertEquals(error.code, code);
      }
      const late = await assertRejects(() => output("sleep 60", 50), PlatformError);
      assertEquals(late.code, "ETIMEDOUT");
    },
  },
  {
    name: "a program leads a session and a group of its own",
    async keep(platform) {
      const { process, exit, stderr } = run(platform, sh("ps -o pgid=,sess= -p $$ >&2"));
      await exit;
      assertEquals(stderr().trim().split(/\s+/).map(Number), [process.pid, process.pid]);
    },
  },
  {
    name: "a program blocks no signal, and ignores none that the runtime ignores for itself",
    async keep(platform) {
      if (platform.os !== "linux") return;
      const { exit, stderr } = run(platform, sh("grep -E 'Sig(Blk|Ign)' /proc/self/status >&2"));
      await exit;
      const [blocked, ignored] = [...stderr().matchAll(/:\s*(\w+)/g)].map(([, bits]) => bits);
      const brokenPipe = 1n << 12n;
      assertEquals([BigInt(`0x${blocked}`), BigInt(`0x${ignored}`) & brokenPipe], [0n, 0n]);
    },
  },
  {
    name: "a program without input reads its end at once",
    async keep(platform) {
      assertEquals(await run(platform, sh("cat")).exit, {
        kind: "exited",
        code: 0,
      });
    },
  },
  {
    name: "a program that was spawned beside another holds nothing of it",
    async keep(platform) {
      if (platform.os !== "linux") return;
      const first = run(platform, sh("ls -l /proc/$$/fd >&2; exec sleep 60"));
      const second = run(platform, sh("ls -l /proc/$$/fd >&2"));
      await second.exit;
      await waitUntil("the first has said it, too", () => first.stderr().includes(" 2 -> "));
      platform.processes.kill(first.process.pid, "SIGKILL");
      await first.exit;
      const pipes = ({ stderr }: Run) => stderr().match(/ -> pipe:/g)?.length;
      assert(pipes(first) !== undefined, first.stderr());
      assertEquals(pipes(second), pipes(first));
    },
  },
  {
    name: "what cannot be run is told at once, and why",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        writeFileSync(`${folder}/plain`, "#!/bin/sh\n", { mode: 0o644 });
        writeFileSync(`${folder}/no_shebang`, "echo hello\n", { mode: 0o755 });
        writeFileSync(`${folder}/no_interpreter`, "#!/none/such\n", { mode: 0o755 });
        const cases: [string[], string, string, string | undefined][] = [
          [["baton-has-no-such-command"], folder, "ENOENT", "baton-has-no-such-command"],
          [["./none"], folder, "ENOENT", "./none"],
          [["./plain"], folder, "EACCES", `${folder}/plain`],
          [["./no_shebang"], folder, "ENOEXEC", `${folder}/no_shebang`],
          [["./no_interpreter"], folder, "ENOENT", "/none/such"],
          [["sh"], `${folder}/none`, "ENOENT", `${folder}/none`],
          [["sh"], `${folder}/plain`, "ENOENT", `${folder}/plain`],
        ];
        for (const [command, cwd, code, path] of cases) {
          const error = assertThrows(() => run(platform, command, { cwd }), PlatformError);
          assertEquals([error.code, error.path], [code, path]);
          assert(/^Cannot run .*[^.]$/.test(error.message), error.message);
        }
      }),
  },
  {
    name: "a command that names a file is told from a line for a shell",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        if (platform.name === "fake") return;
        writeFileSync(`${folder}/my app`, "", { mode: 0o644 });
        const hasFile = (command: string) =>
          platform.processes.hasFile(command, folder, { PATH: folder });
        for (const command of ["./my app", `${folder}/my app`, "my app"]) {
          assert(hasFile(command), command);
        }
        const long = `./${"echo hello; ".repeat(1_000)}`;
        for (const command of ["./my", ".", "./my app/x", long, `echo ${long}`]) {
          assert(!hasFile(command), command);
        }
      }),
  },
  {
    name: "PATH is the program's own, and what is not executable is passed over",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const { files } = platform;
        for (const name of ["a", "b"]) files.makeDir(`${folder}/${name}`);
        writeFileSync(`${folder}/a/greet`, "#!/bin/sh\necho no >&2\n", { mode: 0o644 });
        writeFileSync(`${folder}/b/greet`, "#!/bin/sh\necho yes >&2\n", { mode: 0o755 });
        const { exit, stderr } = run(platform, ["greet"], {
          env: { PATH: `${folder}/none:${folder}/a:${folder}/b:/usr/bin:/bin` },
        });
        await exit;
        assertEquals(stderr(), "yes\n");
      }),
  },
  {
    name: "a start time tells a process from the next one, and the dead have none",
    async keep(platform) {
      const { processes } = platform;
      const { process, exit } = run(platform, sh("exec sleep 60"));
      const started = processes.startTime(process.pid);
      assert(started !== null);
      assertEquals(processes.startTime(process.pid), started);
      assertNotEquals(processes.startTime(processes.self), started);
      processes.kill(process.pid, "SIGKILL");
      await exit;
      assertEquals(processes.startTime(process.pid), null);
      processes.kill(process.pid, "SIGTERM");
    },
  },
  {
    name: "orphans are adopted and reaped, and nobody's own child with them",
    async keep(platform) {
      if (platform.os !== "linux" || platform.name === "fake") return;
      const { processes } = platform;
      const stop = processes.adoptOrphans();
      try {
        const daemons = "for i in 1 2 3 4; do (setsid sh -c 'sleep 0.2; exit 5' &) ; done; ";
        const children = [run(platform, sh(`${daemons} sleep 0.1; exit 3`))];
        children.push(
          run(platform, sh(`${daemons} kill -9 $$`)),
          run(platform, sh("sleep 0.3; exit 4")),
        );
        const output = processes.output(sh("sleep 0.3; echo x; exit 7"), { timeoutMs: 5_000 });
        assertEquals(await Promise.all(children.map(({ exit }) => exit)), [
          { kind: "exited", code: 3 },
          { kind: "signaled", signal: "SIGKILL", code: 137 },
          { kind: "exited", code: 4 },
        ]);
        assertEquals(await output, { code: 7, stdout: "x\n" });
        await waitUntil("no zombie is left", (saw) => saw(zombiesBelow(platform)).length === 0);
      } finally {
        stop();
      }
    },
  },
  {
    name: "a program inherits no pipe: it would hold open what should tell it that baton is gone",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        if (platform.os !== "linux") return;
        const listener = await platform.pipes.listen(`${folder}/pipe`, () => {
          throw new Error("Nobody connects");
        });
        const { exit, stderr } = run(platform, sh("ls -l /proc/$$/fd >&2"));
        await exit;
        listener.close();
        assertEquals(stderr().match(/ ([3-9]|\d\d+) -> socket:/g), null, stderr());
      }),
  },
];

/** Children of this process that have ended and were not reaped. */
function zombiesBelow({ processes }: Platform): string[] {
  return spawnSync("ps", ["-eo", "ppid=,stat=,args="], { encoding: "utf8" }).stdout.split("\n")
    .filter((row) => new RegExp(`^\\s*${processes.self} Z`).test(row));
}

/** How many files are open here; 0 where nobody says. */
function openFiles({ os, files }: Platform): number {
  return os === "linux" ? files.readDir("/proc/self/fd").length : 0;
}
