import { assertEquals } from "@std/assert";
import { cargoRunner } from "../../lib/gate/cargo_runner.ts";
import { goFlags } from "../../lib/gate/go_flags.ts";
import { platform } from "../support/platform.ts";

const host = platform();
const GATE = "/tmp/gate/go";
const FLAG = `-exec=${GATE}`;

/** With files in a folder that is the home of a user. */
function withHome(files: Readonly<Record<string, string>>, run: (home: string) => void): void {
  const home = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-home-" }));
  try {
    for (const [name, text] of Object.entries(files)) {
      host.files.makeDir(`${home}/${name}`.replace(/\/[^/]*$/, ""));
      Deno.writeTextFileSync(`${home}/${name}`, text);
    }
    run(home);
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
}

function flags(env: Record<string, string>, files: Record<string, string> = {}): unknown {
  let found: unknown;
  withHome(
    files,
    (home) => found = goFlags(host, { HOME: home, GOROOT: `${home}/root`, ...env }, GATE),
  );
  return found;
}

Deno.test("the flag of go is chained to those that there are", () => {
  assertEquals(flags({}), { value: FLAG, fromFile: "" });
  assertEquals(flags({ GOFLAGS: "" }), { value: ` ${FLAG}`, fromFile: "" });
  assertEquals(flags({ GOFLAGS: "-tags=a '-ldflags=-s -w'" }), {
    value: `-tags=a '-ldflags=-s -w' ${FLAG}`,
    fromFile: "",
  });
});

Deno.test("flags that go would take from a file are not lost", () => {
  const value = `${FLAG} -tags=of_file`;
  const expected = { value, fromFile: "-tags=of_file" };
  assertEquals(flags({}, { ".config/go/env": "GOFLAGS=-tags=of_file\n" }), expected);
  assertEquals(flags({}, { "root/go.env": "GOPROXY=x\nGOFLAGS=-tags=of_file\n" }), expected);
  const other = { "other/go/env": "GOFLAGS=-tags=of_file" };
  withHome(other, (home) => {
    assertEquals(goFlags(host, { XDG_CONFIG_HOME: `${home}/other`, GOROOT: home }, GATE), expected);
    assertEquals(goFlags(host, { GOENV: `${home}/other/go/env`, GOROOT: home }, GATE), expected);
    assertEquals(goFlags(host, { GOENV: "off", GOROOT: home }, GATE)?.fromFile, "");
  });
});

Deno.test("go that runs by something else, or builds for another machine, is left alone", () => {
  assertEquals(flags({ GOFLAGS: "-exec=/own" }), null);
  assertEquals(flags({ GOFLAGS: "-v '-exec=/own tool'" }), null);
  assertEquals(flags({}, { ".config/go/env": "GOFLAGS=--exec=/own" }), null);
  assertEquals(flags({ GOOS: "js", GOARCH: "wasm" }), null);
  assertEquals(flags({}, { ".config/go/env": "GOARCH=arm64" }), null);
});

Deno.test("cargo's runner is set for the machines whose programs run here", () => {
  withHome({}, (home) => {
    const found = cargoRunner(host, { HOME: home }, home, GATE);
    assertEquals(found?.CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER, GATE);
    assertEquals(found?.CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUNNER, GATE);
  });
});

Deno.test("a runner of the user's is left alone, wherever it is named", () => {
  const runner = { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER: "qemu" };
  assertEquals(cargoRunner(host, runner, "/", GATE), null);
  const text = "[target.'cfg(all())']\nrunner = 'valgrind'\n";
  for (const name of [".cargo/config.toml", "app/api/.cargo/config", "app/.cargo/config.toml"]) {
    withHome({ [name]: text, "app/api/x": "" }, (home) => {
      assertEquals(cargoRunner(host, { HOME: home }, `${home}/app/api`, GATE), null);
    });
  }
  withHome({ "own/config.toml": text, "app/x": "" }, (home) => {
    assertEquals(cargoRunner(host, { CARGO_HOME: `${home}/own` }, `${home}/app`, GATE), null);
    assertEquals(cargoRunner(host, { HOME: home }, `${home}/app`, GATE) === null, false);
  });
});
