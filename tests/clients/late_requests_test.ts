/** That uvicorn, on a socket of baton's, closes nobody who is about to ask; each of its classes is played to. */
import { assertEquals } from "@std/assert";
import { pythonServers } from "../support/python_environment.ts";

const bin = await pythonServers();
const own = (path: string) => new URL(path, import.meta.url).pathname;

async function told(env: Record<string, string>, folder = ""): Promise<string> {
  const hook = own("../../clients/python/inject");
  const { stdout, stderr } = await new Deno.Command(`${bin}/python3`, {
    args: [own("late_requests.py")],
    env: { PYTHONPATH: [hook, folder].filter((each) => each !== "").join(":"), ...env },
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

const CHANGED =
  `[[[], [], False], [[], ['close'], None], [[], [], False], [[], ['close'], None]] ['close'] [False, 0]`;

Deno.test({
  name: "uvicorn waits for who is about to ask, closes who is not, and lets an answer be the last",
  ignore: bin === null,
  async fn() {
    assertEquals(
      await told({ LISTEN_FDS: "1" }),
      `H11Protocol ${CHANGED}\nHttpToolsProtocol ${CHANGED}\n0 left\n`,
    );
  },
});

const AS_IT_IS = "H11Protocol as it is\nHttpToolsProtocol as it is\n0 left\n";

Deno.test({
  name:
    "uvicorn is as it is without a socket of baton's, where that is not wanted, and where it is not as it is known",
  ignore: bin === null,
  async fn() {
    assertEquals(await told({}), AS_IT_IS);
    assertEquals(await told({ LISTEN_FDS: "1", BATON_PATCH_SERVERS: "0" }), AS_IT_IS);
    const folder = Deno.makeTempDirSync({ prefix: "baton-uvicorn-" });
    try {
      const http = `${folder}/uvicorn/protocols/http`;
      Deno.mkdirSync(http, { recursive: true });
      for (const each of ["uvicorn", "uvicorn/protocols", "uvicorn/protocols/http"]) {
        Deno.writeTextFileSync(`${folder}/${each}/__init__.py`, "");
      }
      const another = (name: string) =>
        `class ${name}:\n    def shutdown(self):\n        self.finish()\n`;
      Deno.writeTextFileSync(`${http}/h11_impl.py`, another("H11Protocol"));
      Deno.writeTextFileSync(`${http}/httptools_impl.py`, another("HttpToolsProtocol"));
      assertEquals(await told({ LISTEN_FDS: "1" }, folder), AS_IT_IS);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
