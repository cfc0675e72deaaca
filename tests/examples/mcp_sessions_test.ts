/** The MCP server is edited in the middle of a session of a real client. */
import { assert, assertEquals } from "@std/assert";
import { Baton, Project } from "../e2e/baton.ts";
import { pythonEnvironment } from "../support/python_environment.ts";
import { within } from "../support/within.ts";

const example = new URL("../../examples/mcp_sessions/", import.meta.url).pathname;
const program = new URL("../fixtures/uses_mcp_sessions.py", import.meta.url).pathname;
const bin = await pythonEnvironment("mcp-sessions", ["mcp>=1.20,<2"]);

interface Answer {
  readonly session: string;
  readonly text?: string;
}

/** A client in one session, which makes one call after the other. */
class Client implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #calls: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(url: string) {
    this.#child = new Deno.Command(`${bin}/python3`, {
      args: [program, url],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#calls = this.#child.stdin.getWriter();
    this.#answers = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async call(tool: string, args: Readonly<Record<string, string>> = {}): Promise<Answer> {
    await this.#calls.write(new TextEncoder().encode(`${JSON.stringify([tool, args])}\n`));
    return await this.answer();
  }

  async answer(): Promise<Answer> {
    while (!this.#rest.includes("\n")) {
      const { value, done } = await within("the client answers", this.#answers.read(), 60_000);
      assert(!done, "the client ended");
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return JSON.parse(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#calls.close();
    await this.#answers.cancel();
    await this.#child.status;
  }
}

Deno.test({
  name: "examples/mcp_sessions: a session goes on through edits of its server, broken ones too",
  ignore: bin === null,
  async fn() {
    const files = ["main.py", "notes.py", "sessions.py"];
    using project = new Project(
      Object.fromEntries(files.map((name) => [name, Deno.readTextFileSync(example + name)])),
    );
    await using baton = new Baton(project, [`${bin}/python3`, "main.py"], {
      args: ["--listen", "0"],
    });
    await baton.event("armed");
    await baton.event("ready", ({ announced }) => announced);
    const { port } = await baton.event("listening");
    await using client = new Client(`http://127.0.0.1:${port}/mcp`);
    const { session } = await client.answer();
    assertEquals(await client.call("remember", { note: "buy milk" }), {
      text: "Note 1 is kept",
      session,
    });

    project.replace("notes.py", '", ".join(_notes(context))', '" and ".join(_notes(context))');
    await baton.event("ready", ({ generation }) => generation === 2);
    await client.call("remember", { note: "feed the cat" });
    assertEquals(await client.call("recall"), { text: "buy milk and feed the cat", session });

    const text = project.read("notes.py");
    project.write("notes.py", `${text}\ndef (\n`);
    await baton.event("candidate-failed");
    assertEquals(await client.call("recall"), { text: "buy milk and feed the cat", session });
    project.write("notes.py", text.replace('" and "', '" or "'));
    await baton.event("ready", ({ generation }) => generation === 4);
    assertEquals(await client.call("recall"), { text: "buy milk or feed the cat", session });
  },
});
