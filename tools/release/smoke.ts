/** Whether a baton that was made or installed does its work: it says its version, and hands a count over once. */
import { VERSION } from "../../lib/version.ts";

const WITHIN_MS = 60_000;

/** Counts up from where the one before it was stopped, at once and then never again. */
const PROGRAM = `count=$(cat "$BATON_STATE_FILE" 2>/dev/null || echo 0)
trap 'echo "$count" >"$BATON_STATE_OUT.new" && mv "$BATON_STATE_OUT.new" "$BATON_STATE_OUT"; exit' TERM
count=$((count + 1))
echo "one $count"
while :; do sleep 0.1; done
`;

async function version(command: readonly string[]): Promise<void> {
  const [program, ...args] = command;
  const { stdout, stderr } = await new Deno.Command(program!, {
    args: [...args, "--version"],
    env: { NO_COLOR: "1" },
  }).output();
  const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (said === `baton ${VERSION}\n`) return;
  throw new Error(`"${command.join(" ")} --version" says "${said}${complaint}"`);
}

/** Runs the command with a program that counts, saves that once, and throws unless the next one goes on counting. */
async function handoff(command: readonly string[]): Promise<void> {
  const cwd = await Deno.makeTempDir({ prefix: "baton-smoke-" });
  await Deno.writeTextFile(`${cwd}/app.sh`, PROGRAM);
  const [program, ...args] = command;
  const child = new Deno.Command(program!, {
    args: [...args, "--log", "json", "--", "sh", "app.sh"],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const late = setTimeout(() => child.kill("SIGKILL"), WITHIN_MS);
  let said = "";
  const armed = Promise.withResolvers<void>();
  const handedOver = Promise.withResolvers<void>();
  const hear = async (stream: ReadableStream<Uint8Array>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (said.includes('"type":"armed"')) armed.resolve();
      if (/^two 2$/m.test(said)) handedOver.resolve();
    }
  };
  const heard = Promise.all([hear(child.stdout), hear(child.stderr)]);
  const early = heard.then(() => {
    throw new Error(`"${command.join(" ")}" handed nothing over:\n${said}`);
  });
  try {
    await Promise.race([armed.promise, early]);
    await Deno.writeTextFile(`${cwd}/app.sh`, PROGRAM.replace("one", "two"));
    await Promise.race([handedOver.promise, early]);
    child.kill("SIGTERM");
    const { code } = await child.status;
    if (code !== 0) throw new Error(`"${command.join(" ")}" ended with status ${code}:\n${said}`);
  } finally {
    clearTimeout(late);
    await Promise.allSettled([early, child.status]);
    await Deno.remove(cwd, { recursive: true });
  }
}

/** Tries a command that is to be baton; throws where it is not, with what it said. */
export async function smoke(command: readonly string[]): Promise<void> {
  await version(command);
  await handoff(command);
}

if (import.meta.main) await smoke(Deno.args);
