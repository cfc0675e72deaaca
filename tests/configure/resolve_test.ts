import { assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { parseCommandLine } from "../../lib/configure/command_line.ts";
import { type Resolved, resolveSettings } from "../../lib/configure/resolve.ts";
import { DEFAULTS } from "../../lib/settings.ts";
import { explainedLater } from "../support/explained.ts";
import { memoryHost } from "../support/memory_host.ts";

type Files = Readonly<Record<string, string>>;

async function resolved(files: Files, ...args: string[]): Promise<Resolved> {
  const line = await parseCommandLine(args);
  if (!("given" in line)) throw new Error(`${line.kind} resolves nothing`);
  return await resolveSettings(memoryHost(files), line, { commandNeeded: line.kind === "run" });
}

const says = (files: Files, ...args: string[]) => explainedLater(() => resolved(files, ...args));

Deno.test("without a file and without options every setting is the default", async () => {
  const { settings, origins } = await resolved({}, "make");
  assertEquals(settings, {
    ...DEFAULTS,
    cwd: "/project",
    command: ["make"],
    stateDir: "/project/.baton",
  });
  assertEquals(origins.command, "command line");
  assertEquals(origins.settle, "default");
});

Deno.test("BATON_STANDBY wins over the file, the command line over that, and what baton sets there is no setting", async () => {
  const of = async (standby: string, ...args: string[]) => {
    const line = await parseCommandLine([...args, "make"]);
    if (!("given" in line)) throw new Error(`${line.kind} resolves nothing`);
    const host = memoryHost({ "baton.json": '{"standby": "auto"}' });
    const env = () => ({ BATON_STANDBY: standby });
    const { settings, origins } = await resolveSettings({ ...host, env }, line);
    return [settings.standby, origins.standby];
  };
  assertEquals(await of("off"), ["off", "BATON_STANDBY"]);
  assertEquals(await of("off", "--standby=auto"), ["auto", "command line"]);
  assertEquals(await of("learn:/a"), ["auto", "baton.json:1:2"]);
});

Deno.test("the command line wins over the file, the file over the defaults", async () => {
  const file = `{
  // comments are fine
  "command": "python app.py",
  "settle": "20ms", "keep": 7,
  "ready": "tcp:8000",
}`;
  const { settings, origins } = await resolved({ "baton.jsonc": file }, "--settle=1s");
  assertObjectMatch(settings, {
    command: ["python", "app.py"],
    settleMs: 1_000,
    keep: 7,
    ready: { kind: "tcp", host: "localhost", port: 8000 },
  });
  assertObjectMatch(origins, {
    command: "baton.jsonc:3:3",
    settle: "command line",
    keep: "baton.jsonc:4:21",
  });
  assertEquals((await resolved({ "baton.jsonc": file }, "make")).settings.command, ["make"]);
});

Deno.test("watch and ignore add up, other lists do not", async () => {
  const file = '{"command": "x", "watch": ["src"], "ignore": ["*.log"], "ext": ["ts"]}';
  const { settings, origins } = await resolved(
    { "baton.json": file },
    ...["-w", "lib", "-w", "src", "-i", "tmp", "-e", "py"],
  );
  assertEquals(settings.watch, ["src", "lib"]);
  assertEquals(settings.ignore, ["*.log", "tmp"]);
  assertEquals(settings.ext, ["py"]);
  assertEquals(origins.watch, "baton.json:1:18, command line");
});

Deno.test("a switch that the file turns on is turned off again", async () => {
  const { settings } = await resolved(
    { "baton.json": '{"command": "x", "clear": true}' },
    "--no-clear",
  );
  assertEquals(settings.clear, false);
});

Deno.test("deno.json counts where it has the key, after baton.json", async () => {
  const own = '{"tasks": {}, "baton": {"command": "from deno", "keep": 2}}';
  const { settings, origins } = await resolved({ "deno.json": own });
  assertEquals(settings.command, ["from", "deno"]);
  assertEquals(origins.keep, "deno.json:1:49");

  const both = await resolved({ "deno.json": own, "baton.json": '{"command": "mine"}' });
  assertEquals(both.settings.command, ["mine"]);
  assertEquals(both.notices, [
    '"deno.json" also configures baton and is not used: "baton.json" comes first',
  ]);
  assertEquals((await resolved({ "deno.json": '{"tasks": {}}' }, "x")).origins.keep, "default");
});

Deno.test("--config reads that file alone", async () => {
  const files = {
    "baton.json": '{"command": "here"}',
    "conf/dev.json": '{"command": "there"}',
    "deno.json": "{}",
  };
  const { settings, notices } = await resolved(files, "-c", "conf/dev.json");
  assertEquals([settings.command, notices], [["there"], []]);
  assertEquals(
    (await says(files, "-c", "none.json")).what,
    'Cannot read configuration "none.json": no such file',
  );
  assertEquals((await says(files, "-c", "deno.json")).what, '"deno.json" has no key "baton"');
});

Deno.test("a port in a file may be a number", async () => {
  const files = { "baton.json": '{"command": "here", "proxy": 8000}' };
  assertEquals((await resolved(files)).settings.proxy, {
    kind: "tcp",
    host: "127.0.0.1",
    port: 8000,
  });
  const wrong = { "baton.json": '{"command": "here", "proxy": 8000.5}' };
  assertEquals((await says(wrong)).what?.startsWith('Cannot use 8000.5 for "proxy"'), true);
  const tcp = { kind: "tcp", host: "127.0.0.1", port: 8000 } as const;
  const unix = { kind: "unix", path: "a.sock" } as const;
  for (
    const [listen, expected] of [
      ["8000", [tcp]],
      ['"8000"', [tcp]],
      ['[8000, "unix:a.sock"]', [tcp, unix]],
    ] as const
  ) {
    const files = { "baton.json": `{"command": "here", "listen": ${listen}}` };
    assertEquals((await resolved(files)).settings.listen, expected);
  }
  for (const listen of ["99999", "[8000, 1.5]", "true", "[true]", '["x:y"]']) {
    const files = { "baton.json": `{"command": "here", "listen": ${listen}}` };
    assertMatch((await says(files)).what ?? "", /for "listen"/);
  }
});

Deno.test("a command is needed to run, and for nothing else", async () => {
  assertEquals(await says({}), {
    what: "No command to run",
    where: 'command line; no baton.json in "/project"',
    next: 'Write one, as in "baton -- python app.py", or let "baton init" write a baton.jsonc',
  });
  assertEquals((await says({ "baton.json": "{}" })).where, "command line and baton.json");
  assertEquals((await resolved({}, "state", "--state-dir", "/s")).settings.stateDir, "/s");
});

Deno.test("a mistyped key or value is shown with its place", async () => {
  assertEquals(await says({ "baton.json": '{\n  "setle": "20ms"\n}' }), {
    what: 'Unknown key "setle"',
    where: "baton.json:2:3",
    next:
      'Did you mean "settle"? Allowed: $schema, command, watch, ext, ignore, gitignore, settle, ' +
      "maxWait, poll, source, rules, restartArgs, handoff, standby, signal, stopTimeout, hookTimeout, listen, " +
      "proxy, hold, proxyHost, inject, static, ready, bootTimeout, onCrash, restartSignal, onReady, onFail, envFile, exit, stateDir, maxAge, keep, rewind, keepFiles, also, fresh, clear, interactive, log, " +
      "verbosity",
  });
  assertEquals(await says({ "deno.json": '{"baton": {"settle": 20}}' }), {
    what: 'Cannot use 20 for "settle": expected a duration such as "30ms", "2s" or "1m"',
    where: "deno.json:1:12",
    next: '"baton --help" tells what each option takes',
  });
  assertEquals(await says({ "baton.json": '{"watch": ["src",\n "lib", ""]}' }), {
    what: 'Cannot use "" for "watch": expected text that is not empty',
    where: "baton.json:2:9",
    next: '"baton --help" tells what each option takes',
  });
  assertEquals(
    (await says({ "deno.json": '{"baton": "python"}' })).what,
    'Cannot use "python" as configuration: expected an object',
  );
});

Deno.test("several mistakes are shown in one error, in the order of the file", async () => {
  const file = `{
  "settle": 20,
  "kep": 3,
  "command": [],
  "watch": ["src", "", 4]
}`;
  const { what, where, next } = await says({ "baton.json": file });
  assertEquals(what.split("\n"), [
    "Cannot use the configuration: 5 mistakes",
    '  baton.json:2:3: Cannot use 20 for "settle": expected a duration such as "30ms", "2s" or "1m"',
    '  baton.json:3:3: Unknown key "kep"; did you mean "keep"?',
    '  baton.json:4:3: Cannot use [] for "command": expected a command such as "python app.py" or ' +
    '["python", "app.py"]',
    '  baton.json:5:20: Cannot use "" for "watch": expected text that is not empty',
    '  baton.json:5:24: Cannot use 4 for "watch": expected text in quotes',
  ]);
  assertEquals(where, "baton.json");
  assertMatch(next!, /^"baton --help" tells what each option takes; Allowed: \$schema, command, /);
});

Deno.test("several mistakes on the command line are shown in one error", async () => {
  assertEquals(await says({}, "--keep=none", "--settle=20", "x"), {
    what: [
      "Cannot use the configuration: 2 mistakes",
      '  Cannot use "20" for --settle: expected a duration such as "30ms", "2s" or "1m"',
      '  Cannot use "none" for --keep: expected a whole number from 1',
    ].join("\n"),
    where: "command line",
    next: '"baton --help" tells what each option takes',
  });
});

Deno.test("a file that is not JSON is shown with the place of the mistake", async () => {
  const { what, where } = await says({ "baton.json": '{\n  "keep" 3\n}' });
  assertEquals([what, where], [
    'Cannot read "baton.json" as JSON: unexpected token "3"',
    "baton.json:2:10",
  ]);
  assertEquals((await says({ "baton.json": '{\n  "keep": 3' })).where, "baton.json:2:12");
});
