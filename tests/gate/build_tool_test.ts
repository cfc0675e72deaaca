import { assertEquals } from "@std/assert";
import { buildToolOf, changesTheRun } from "../../lib/gate/build_tool.ts";

const shell = (line: string) => ["/bin/sh", "-c", line];

const RUNS: readonly [command: readonly string[], name: string, folder: string][] = [
  [["go", "run", "."], "go", "/app"],
  [["/usr/local/go/bin/go", "run", "main.go", "-v"], "go", "/app"],
  [["go", "-C", "api", "run", "."], "go", "/app"],
  [["cargo", "run"], "cargo", "/app"],
  [["cargo", "+nightly", "-q", "r", "--release", "--", "x"], "cargo", "/app"],
  [shell("go run . -x"), "go", "/app"],
  [shell("cd api && PORT=1 exec cargo run"), "cargo", "/app/api"],
  [["env", "PORT=1", "go", "run", "."], "go", "/app"],
  [["cd api && go run ."], "go", "/app/api"],
  [shell("cd /srv && go run ./cmd/web"), "go", "/srv"],
];

for (const [command, name, folder] of RUNS) {
  Deno.test(`it builds what it runs: ${command.join(" ")}`, () => {
    assertEquals<unknown>(buildToolOf(command, "/app"), { name, folder });
  });
}

const OTHERS: readonly (readonly string[])[] = [
  ["go", "test", "./..."],
  ["go", "build"],
  ["go", "tool", "run"],
  ["cargo", "test"],
  ["cargo", "build", "run"],
  ["cargo", "--config", "a=b", "run"],
  ["cargo", "watch", "-x", "run"],
  ["make", "run"],
  ["python3", "go", "run"],
  shell("go generate && go run ."),
  shell("go run . | tee log"),
  shell("go run . & sleep 1"),
  ["env", "GOARCH=wasm", "go", "run", "."],
  ["env", "-i", "go", "run", "."],
  shell("GOOS=js GOARCH=wasm go run ."),
];

for (const command of OTHERS) {
  Deno.test(`it may do something else as well: ${command.join(" ")}`, () => {
    assertEquals(buildToolOf(command, "/app"), null);
  });
}

Deno.test("what a build tool runs by may change with some files", () => {
  assertEquals(
    ["main.go", "src/main.rs", "Cargo.toml"].some((path) => changesTheRun([path])),
    false,
  );
  for (const path of [".cargo/config.toml", "api/.cargo/config", "rust-toolchain", ".env"]) {
    assertEquals(changesTheRun(["main.go", path]), true);
  }
});
