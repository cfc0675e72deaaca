/**
 * Runs a program between it and baton, and writes down what they say to one another, and how it ended:
 * `relay.ts FILE COMMAND…`. The records of all generations are added to the file as they come.
 */
const [file, program, ...args] = Deno.args;
const generation = Number(Deno.env.get("BATON_GENERATION"));
const pipe = Deno.env.get("BATON_PIPE")!;
const ownPipe = `${file}.${Deno.pid}`; // Goes with the file, also where this is killed.
const listener = Deno.listen({ transport: "unix", path: ownPipe });
const decoder = new TextDecoder();
let participants = 0;

function note(entry: Record<string, unknown>): void {
  Deno.writeTextFileSync(file!, JSON.stringify({ generation, ...entry }) + "\n", { append: true });
}

/** What is in JSON; a text that is not is given as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Lines with their ends, byte by byte as they came. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array();
  for await (const chunk of stream) {
    const bytes = new Uint8Array([...held, ...chunk]);
    let from = 0;
    for (let end; (end = bytes.indexOf(10, from)) !== -1; from = end + 1) {
      yield bytes.subarray(from, end + 1);
    }
    held = bytes.slice(from);
  }
  if (held.length > 0) yield held;
}

async function pass(
  from: Deno.Conn,
  to: Deno.Conn,
  hear: (line: string) => void,
  close: () => void,
): Promise<void> {
  try {
    for await (const bytes of linesOf(from.readable)) {
      hear(decoder.decode(bytes).trimEnd());
      for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error; // The connection broke, which is its end.
  }
  close();
}

async function relay(ours: Deno.Conn): Promise<void> {
  const participant = ++participants;
  const baton = await Deno.connect({ transport: "unix", path: pipe });
  let out = Deno.env.get("BATON_STATE_OUT")!;
  let isOpen = true;
  const closed = (by: "baton" | "program") => () => {
    if (!isOpen) return;
    isOpen = false;
    note({ participant, closed: by });
    for (const each of [ours, baton]) {
      try {
        each.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error; // Its stream has done so.
      }
    }
  };
  const hearBaton = (line: string) => {
    const message = JSON.parse(line);
    out = message.out ?? out;
    note({ participant, baton: message });
  };
  const hearProgram = (line: string) => {
    const message = parsed(line) as string | { type: string };
    if (typeof message === "string") return note({ participant, raw: message });
    const saved = message.type === "saved" ? { state: parsed(Deno.readTextFileSync(out)) } : {};
    note({ participant, program: message, ...saved });
  };
  await Promise.all([
    pass(baton, ours, hearBaton, closed("baton")),
    pass(ours, baton, hearProgram, closed("program")),
  ]);
}

const child = new Deno.Command(program!, {
  args,
  env: { BATON_PIPE: ownPipe },
  stdin: "null",
  stdout: "piped",
}).spawn();
Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
(async () => {
  for await (const connection of listener) relay(connection);
})();
const printed: string[] = [];
for await (const line of linesOf(child.stdout)) {
  printed.push(decoder.decode(line).trimEnd());
  console.log(printed.at(-1));
}
const { code } = await child.status;
const out = Deno.env.get("BATON_STATE_OUT")!;
const left = (() => {
  try {
    return { left: parsed(Deno.readTextFileSync(out)) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
})();
note({ ended: code, printed, ...left });
Deno.exit(code);
