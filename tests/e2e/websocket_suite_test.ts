/**
 * The cases of Autobahn's suite, played to a WebSocket server directly and through the proxy: what comes of each
 * is the same. Here without those that measure or compress, which take a quarter of an hour:
 * `BATON_WEBSOCKET_CASES='12.*,13.*' deno task test tests/e2e/websocket_suite_test.ts`.
 */
import { assertEquals } from "@std/assert";
import { pythonEnvironment } from "../support/python_environment.ts";
import { FIXTURES, Stage, together } from "./fixtures.ts";

/** Framing, pings, reserved bits, opcodes, fragments, UTF-8, closing, and messages cut into many segments. */
const SHORT = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"];
const cases = Deno.env.get("BATON_WEBSOCKET_CASES")?.split(",") ?? SHORT;
/** What reads these cases, which are in Python 2, and plays them. */
const SUITE = ["kosoku==0.1.0", "websockets==17.4"];

interface Outcome {
  readonly behavior: string;
  readonly behaviorClose: string;
  readonly remoteCloseCode: number | null;
}

/**
 * What the server does with a message that comes in one piece with a frame which fails the connection: it answers
 * that one or does not. How bytes are cut into pieces is up to whoever passes them on.
 */
const EITHER = ["OK", "NON-STRICT"];

/** By case; that some fail, and by what status the runner tells that, is no matter here. */
async function play(runner: string, port: number, folder: string) {
  const chosen = cases.flatMap((each) => ["--include", each]);
  const outdir = `${folder}/${port}`;
  const { stderr } = await new Deno.Command(runner, {
    args: ["--outdir", outdir, "--parallelism", "16", ...chosen, `ws://127.0.0.1:${port}`],
    stdin: "null",
  }).output();
  const index = await Deno.readTextFile(`${outdir}/index.json`).catch((error) => {
    throw new Error(new TextDecoder().decode(stderr), { cause: error });
  });
  const [all] = Object.values(JSON.parse(index) as Record<string, Record<string, Outcome>>);
  return Object.entries(all!).map(([name, { behavior, behaviorClose, remoteCloseCode }]) =>
    [name, EITHER.includes(behavior) ? EITHER[0] : behavior, behaviorClose, remoteCloseCode].join(
      " ",
    )
  );
}

const bin = await pythonEnvironment("websocket-suite", SUITE);

Deno.test({
  name: "--proxy: each case of a WebSocket suite comes to what it comes to without it",
  ignore: bin === null,
  async fn() {
    const command = [`${bin}/python3`, `${FIXTURES}echoes_over_websocket.py`];
    await using stage = new Stage(command, { args: ["--proxy", "0"] });
    const { baton } = stage;
    const { port } = await baton.event("proxying");
    await baton.event("ready");
    await baton.line(/^listens on \d+$/m);
    const own = Number(/listens on (\d+)/.exec(baton.stdout)![1]);
    const folder = Deno.makeTempDirSync({ prefix: "baton-websocket-" });
    try {
      const [direct, proxied] = [own, port].map((each) => play(`${bin}/kosoku`, each, folder));
      await together(direct!, proxied!);
      assertEquals(await proxied, await direct);
      assertEquals((await direct!).length >= cases.length, true);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
