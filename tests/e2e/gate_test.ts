/** Programs that are built at each start: the next version is built while the one before serves. */
import { assert, assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { waitUntil } from "../support/wait_until.ts";
import { GO_MODULE } from "../../tools/release/go_module.ts";
import { Baton, type LogEvent, Project } from "./baton.ts";

/** Of a build that has nothing to build on yet. */
const BUILD_MS = 60_000;

const hasGo = findOnPath("go") !== null;
const hasCargo = findOnPath("cargo") !== null;
if (!hasGo) console.warn("SKIPPED: what go builds, for it is not installed");
if (!hasCargo) console.warn("SKIPPED: what cargo builds, for it is not installed");

/** Holds a lock, counts its starts by a state in a file, and is slow to stop where that is asked. */
const GO = `package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const version = 1

func main() {
	lock, _ := os.Create("lock")
	if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		fmt.Println("two at once")
	}
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "GOFLAGS") || strings.HasPrefix(variable, "BATON_GATE") {
			fmt.Println(variable)
		}
	}
	text, _ := os.ReadFile(os.Getenv("BATON_STATE_FILE"))
	count, _ := strconv.Atoi(string(text))
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGTERM)
	fmt.Println("version", version, "count", count, os.Args[1:])
	<-stopped
	if _, err := os.Stat("slow"); err == nil {
		fmt.Println("takes its time", os.Getpid())
		time.Sleep(time.Hour)
	}
	out := os.Getenv("BATON_STATE_OUT")
	os.WriteFile(out+".new", []byte(strconv.Itoa(count+1)), 0o600)
	os.Rename(out+".new", out)
}
`;

const MODULE = "module example.com/counts\n\ngo 1.18\n";

function goProject(): Project {
  return new Project({ "go.mod": MODULE, "main.go": GO, ".gitignore": "lock\nslow\n" });
}

function save(project: Project, version: string, path = "main.go"): void {
  project.swap(path, project.read(path).replace(/version([^=\n]*)= \w+/, `version$1= ${version}`));
}

const generation = (number: number) => (event: LogEvent) => event.generation === number;

Deno.test({
  name: "what go runs is built beside the one that serves, and runs after it, with its state",
  ignore: !hasGo,
  async fn() {
    using project = goProject();
    const env = { GOFLAGS: "-trimpath" };
    await using baton = new Baton(project, ["go", "run", ".", "-x"], { env });
    await baton.up();
    await waitUntil("it runs", () => baton.stdout.includes("version 1"), { withinMs: BUILD_MS });
    save(project, "2");
    const ready = await baton.event("ready", generation(2), { withinMs: BUILD_MS });
    assertEquals([ready.mode, ready.announced], ["built", false]);
    await baton.prints("version 2 count 1 [-x]");

    save(project, "nothing");
    const failed = await baton.event("candidate-failed", generation(3), { withinMs: BUILD_MS });
    assertEquals([failed.live, failed.why, failed.status.code], [2, "exited", 1]);
    assert(failed.lines.some((line: string) => line.includes("undefined: nothing")), failed.lines);
    assertEquals(baton.count("ended"), 0);

    save(project, "4");
    await baton.event("ready", generation(4), { withinMs: BUILD_MS });
    await baton.prints("version 4 count 2 [-x]");
    assertEquals(await baton.stop(), 0);
    assertEquals(baton.stdout.match(/^(two at once|BATON_GATE.*)$/gm), null);
    assertEquals(baton.stdout.match(/^GOFLAGS.*$/gm), Array(3).fill("GOFLAGS=-trimpath"));
  },
});

Deno.test({
  name: "what waits does not run once baton is killed",
  ignore: !hasGo,
  async fn() {
    using project = goProject();
    const command = ["cd . && exec go run ."];
    const args = ["--stop-timeout", "60m"];
    await using baton = new Baton(project, command, { args });
    await baton.up();
    await waitUntil("it runs", () => baton.stdout.includes("version 1"), { withinMs: BUILD_MS });
    project.write("slow", "");
    save(project, "2");
    await waitUntil("it is asked to stop", () => baton.stdout.includes("takes its time"), {
      withinMs: BUILD_MS,
    });
    const gates = () => processes().filter((line) => line.includes(`${project.dir} `));
    assertEquals(gates().filter((line) => line.includes("/gate/go")).length, 1, `${gates()}`);
    baton.kill("SIGKILL");
    await waitUntil(
      "what waited is gone",
      () => !gates().some((line) => line.includes("/gate/go")),
    );
    Deno.kill(Number(/takes its time (\d+)/.exec(baton.stdout)![1]), "SIGKILL");
    await baton.status;
    assertEquals(baton.stdout.includes("version 2"), false);
  },
});

/** The folder and the command line of every process. */
function processes(): string[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).flatMap(
    ({ name }) => {
      try {
        const command = Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll("\0", " ");
        return [`${Deno.readLinkSync(`/proc/${name}/cwd`)} ${command}`];
      } catch {
        return []; // It is gone by now, or another user's.
      }
    },
  );
}

Deno.test({
  name: "without standby go is run as it is, and so is what the user runs by something else",
  ignore: !hasGo,
  async fn() {
    using project = goProject();
    project.write("own.sh", '#!/bin/sh\necho "by $0"\nexec "$@"\n');
    Deno.chmodSync(project.path("own.sh"), 0o700);
    const ways = [
      { args: ["--standby", "off"] },
      { env: { GOFLAGS: `-exec=${project.path("own.sh")}` } },
    ];
    for (const [index, way] of ways.entries()) {
      save(project, "1");
      await using baton = new Baton(project, ["go", "run", "."], {
        ...way,
        args: ["--fresh", ...way.args ?? []],
      });
      await baton.up();
      await waitUntil("it runs", () => baton.stdout.includes("version 1"), { withinMs: BUILD_MS });
      assertEquals(baton.stdout.includes("own.sh"), index === 1);
      save(project, "2");
      const ready = await baton.event("ready", generation(2));
      assertEquals(ready.mode, "sequential");
    }
  },
});

const clients = new URL("../../clients/go", import.meta.url).pathname;

const TAKES_PART = `package main

import (
	"context"
	"fmt"

	"${GO_MODULE}"
)

const version = 1

func main() {
	app, _ := baton.Join(context.Background())
	fmt.Println("boots", version)
	count, _ := baton.Restore(app, 0)
	fmt.Println("version", version, "count", count)
	app.OnSave(func() (any, error) { return count + 1, nil })
	app.Wait()
}
`;

Deno.test({
  name: "a program in Go that takes part boots up to its barrier beside the one that serves",
  ignore: !hasGo,
  async fn() {
    const requires = `require ${GO_MODULE} v0.0.0\n` +
      `replace ${GO_MODULE} => ${clients}\n`;
    using project = new Project({
      "go.mod": `${MODULE.replace("1.18", "1.21")}\n${requires}`,
      "main.go": TAKES_PART,
    });
    await using baton = new Baton(project, ["go", "run", "."]);
    await baton.event("ready", ({ announced }) => announced, { withinMs: BUILD_MS });
    save(project, "2");
    const ready = await baton.event("ready", generation(2), { withinMs: BUILD_MS });
    assertEquals([ready.mode, ready.announced], ["overlapped", true]);
    await baton.prints("version 2 count 1");
    save(project, "nothing");
    await baton.event("candidate-failed", generation(3), { withinMs: BUILD_MS });
    save(project, "4");
    await baton.event("ready", generation(4), { withinMs: BUILD_MS });
    await baton.prints("version 4 count 2");
    assertEquals(await baton.stop(), 0);
  },
});

const RUST = `static VERSION: &str = "version = 1";

fn main() {
    for (name, value) in std::env::vars() {
        if name.contains("RUNNER") || name == "BATON_GATE" {
            println!("{name}={value}");
        }
    }
    let generation = std::env::var("BATON_GENERATION").unwrap();
    println!("{VERSION} generation {generation} of {}", std::env::var("CARGO_PKG_NAME").unwrap());
    std::thread::sleep(std::time::Duration::from_secs(3_600));
}
`;

const MANIFEST = '[package]\nname = "counts"\nversion = "0.1.0"\nedition = "2021"\n';

Deno.test({
  name: "what cargo runs is built beside the one that serves, and a compile error costs nothing",
  ignore: !hasCargo,
  async fn() {
    using project = new Project({ "Cargo.toml": MANIFEST, "src/main.rs": RUST });
    new Deno.Command("cargo", { args: ["generate-lockfile", "--offline"], cwd: project.dir })
      .outputSync();
    await using baton = new Baton(project, ["cargo", "run", "-q"]);
    await baton.up();
    const prints = (line: string) =>
      waitUntil(line, () => baton.stdout.includes(`${line}\n`), { withinMs: BUILD_MS });
    await prints("version = 1 generation 1 of counts");
    save(project, "2", "src/main.rs");
    const ready = await baton.event("ready", generation(2), { withinMs: BUILD_MS });
    assertEquals(ready.mode, "built");
    await prints("version = 2 generation 2 of counts");

    project.replace("src/main.rs", "println!", "printn!");
    const failed = await baton.event("candidate-failed", generation(3), { withinMs: BUILD_MS });
    assertEquals([failed.live, failed.status.code], [2, 101]);
    assert(failed.lines.some((line: string) => line.includes("printn")), failed.lines);
    assertEquals(await baton.stop(), 0);
    assertEquals(baton.stdout.match(/^.*(RUNNER|BATON_GATE).*$/gm), null);
  },
});
