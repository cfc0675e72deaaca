/** What cannot even begin: one clear message with the next step, and the status of it. */
import { assertEquals, assertObjectMatch } from "@std/assert";
import { Baton, Project } from "./baton.ts";

interface Refusal {
  readonly args?: readonly string[];
  readonly command: readonly string[];
  readonly status: number;
  readonly says: string;
}

const FILES = {
  "typo.jsonc": '{\n  "wach": ["src"]\n}\n',
  "not_executable": "#!/bin/sh\n",
  "no_interpreter": "#!/no/such/interpreter\n",
  "folder/file": "",
};

/** Before anything was started. */
const USAGE: Readonly<Record<string, Refusal>> = {
  "an unknown option": {
    args: ["--wach", "src"],
    command: ["sh"],
    status: 2,
    says: `baton: Unknown option "--wach"
       Where: command line
       Next: Did you mean "--watch"? "baton --help" lists the options`,
  },
  "a value that does not fit": {
    args: ["--settle", "5"],
    command: ["sh"],
    status: 2,
    says: `baton: Cannot use "5" for --settle: expected a duration such as "30ms", "2s" or "1m"
       Where: command line
       Next: "baton --help" tells what each option takes`,
  },
  "an unknown key": {
    args: ["-c", "typo.jsonc"],
    command: ["sh"],
    status: 2,
    says: `baton: Unknown key "wach"
       Where: typo.jsonc:2:3
       Next: Did you mean "watch"? Allowed: `,
  },
};

/** With the settings known, so that `--log json` holds. */
const START: Readonly<Record<string, Refusal>> = {
  "a command that is not there": {
    command: ["no-such-program"],
    status: 127,
    says: `baton: Cannot run "no-such-program": no such command
       Where: start of generation 1
       Next: Check the name, and the first line of a script; what is not on PATH needs its path, as in "./server"`,
  },
  "a command that is not executable": {
    command: ["./not_executable"],
    status: 126,
    says: `baton: Cannot run "DIR/not_executable": it is not executable
       Where: start of generation 1
       Next: Make it executable ("chmod +x"), or name its interpreter before it`,
  },
  "a script whose interpreter is missing": {
    command: ["./no_interpreter"],
    status: 127,
    says:
      `baton: Cannot run "DIR/no_interpreter": its interpreter "/no/such/interpreter" is not there
       Where: start of generation 1
       Next: Check the name, and the first line of a script; what is not on PATH needs its path, as in "./server"`,
  },
  "a folder in place of a command": {
    command: ["./folder"],
    status: 126,
    says: `baton: Cannot run "./folder": it is a folder
       Where: start of generation 1
       Next: Name a program, say one in that folder`,
  },
};

async function refused(
  { args, command, status }: Refusal,
  log: "json" | "text",
): Promise<{ text: string; events: Baton["events"] }> {
  using project = new Project(FILES);
  Deno.chmodSync(project.path("no_interpreter"), 0o755);
  await using baton = new Baton(project, command, { args, log });
  assertEquals(await baton.end(), status, baton.transcript());
  return { text: baton.others.join("\n").replaceAll(project.dir, "DIR"), events: baton.events };
}

for (const [name, refusal] of Object.entries(USAGE)) {
  Deno.test(`${name} is refused, with status ${refusal.status}`, async () => {
    const { text } = await refused(refusal, "text");
    assertEquals(text.slice(0, refusal.says.length), refusal.says);
    assertEquals(text.split("\n").length, 3);
  });
}

for (const [name, refusal] of Object.entries(START)) {
  Deno.test(`${name} is reported, with status ${refusal.status}`, async () => {
    const [{ text }, { text: rest, events }] = await Promise.all([
      refused(refusal, "text"),
      refused(refusal, "json"),
    ]);
    const { status, says, command } = refusal;
    const around = status === 2
      ? says
      : `baton: Runs "${command}"\n${says}\nbaton: Stopped with exit status ${status}`;
    assertEquals(text, around);
    assertEquals(rest, "");
    const fault = events.find(({ type }) => type === "error" || type === "spawn-failed");
    const what = says.split("\n")[0]!.slice("baton: ".length);
    if (status === 2) assertObjectMatch(fault!, { type: "error", what });
    else {
      const code = { 126: /^(EACCES|EISDIR)$/, 127: /^ENOENT$/ }[status]!;
      assertEquals([fault?.type, code.test(fault?.code)], ["spawn-failed", true]);
      assertObjectMatch(events.at(-1)!, { type: "stopped", status });
    }
  });
}
