/**
 * Whether a baton that was made or installed does its work: it says its version, and hands a count over once. Runs on
 * Node, too, which is where musl is: `node tools/release/smoke.ts baton`.
 */
import { spawn } from "node:child_process";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";
import { VERSION } from "../../lib/version.ts";

const WITHIN_MS = 180_000;

/** Counts up from where the one before it was stopped, at once and then never again. */
const PROGRAM = `count=$(cat "$BATON_STATE_FILE" 2>/dev/null || echo 0)
trap 'echo "$count" >"$BATON_STATE_OUT.new" && mv "$BATON_STATE_OUT.new" "$BATON_STATE_OUT"; exit' TERM
count=$((count + 1))
echo "one $count"
while :; do sleep 0.1; done
`;

/** A baton that runs, and what it has written so far. */
class Run {
  said = "";
  /** Its status, once all that it wrote is here; null where a signal ended it, or it could not be run. */
  readonly ended: Promise<number | null>;
  readonly #pid: number | undefined;
  #isOver = false;

  constructor(command: readonly string[], cwd: string, hear: (said: string) => void = () => {}) {
    const [program, ...args] = command;
    const env = { ...process.env, NO_COLOR: "1" };
    const child = spawn(program!, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => hear(this.said += text));
    }
    this.#pid = child.pid;
    this.ended = new Promise<number | null>((done) => {
      child.once("close", done);
      child.once("error", ({ message }) => {
        this.said += message;
        done(null);
      });
    }).finally(() => this.#isOver = true);
  }

  /** Not by the child's own `kill`, after which Deno knows its status no more. */
  kill(signal: "SIGTERM" | "SIGKILL"): void {
    if (!this.#isOver && this.#pid !== undefined) process.kill(this.#pid, signal);
  }
}

async function version(command: readonly string[], cwd: string): Promise<void> {
  const run = new Run([...command, "--version"], cwd);
  const code = await run.ended;
  if (code === 0 && run.said === `baton ${VERSION}\n`) return;
  throw new Error(
    `"${command.join(" ")} --version" ended with status ${code} and said:\n${run.said}`,
  );
}

/** Runs the command with a program that counts, saves that once, and throws unless the next one goes on counting. */
async function handoff(command: readonly string[], cwd: string): Promise<void> {
  await writeFile(`${cwd}/app.sh`, PROGRAM);
  const armed = Promise.withResolvers<void>();
  const handedOver = Promise.withResolvers<void>();
  const run = new Run([...command, "--log", "json", "--", "sh", "app.sh"], cwd, (said) => {
    if (said.includes('"type":"armed"')) armed.resolve();
    if (/^two 2$/m.test(said)) handedOver.resolve();
  });
  const early = run.ended.then(() => {
    throw new Error(`"${command.join(" ")}" handed nothing over:\n${run.said}`);
  });
  const late = setTimeout(() => run.kill("SIGKILL"), WITHIN_MS);
  try {
    await Promise.race([armed.promise, early]);
    await writeFile(`${cwd}/app.sh`, PROGRAM.replace("one", "two"));
    await Promise.race([handedOver.promise, early]);
    run.kill("SIGTERM");
    const code = await run.ended;
    if (code === 0) return;
    throw new Error(`"${command.join(" ")}" ended with status ${code}:\n${run.said}`);
  } finally {
    run.kill("SIGTERM");
    await Promise.allSettled([early]);
    clearTimeout(late);
  }
}

/** Tries a command that is to be baton; throws where it is not, with what it said. */
export async function smoke(command: readonly string[]): Promise<void> {
  const cwd = await realpath(await mkdtemp(`${tmpdir()}/baton-smoke-`));
  try {
    await version(command, cwd);
    await handoff(command, cwd);
  } finally {
    await rm(cwd, { recursive: true });
  }
}

if (import.meta.main) await smoke(process.argv.slice(2));
