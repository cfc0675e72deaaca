/** How the README of the TypeScript client has Node's servers closed. */
import { assertEquals } from "@std/assert";
import { isInstalled } from "../support/client_program.ts";
import { Running } from "../support/running.ts";

const readme = Deno.readTextFileSync(
  new URL("../../clients/typescript/README.md", import.meta.url),
);
const [, close] = /```js\n([^]*?)```/.exec(readme)!;

/** A client that keeps its connection alive is answered while the server is closed. */
const PROGRAM = `
import http from "node:http";
${close}
const server = http.createServer((_request, response) => {
  close(server).then(() => console.log("closed"));
  setTimeout(() => response.end("answered"), 20);
});
server.keepAliveTimeout = 3_600_000;
server.listen(0, "127.0.0.1", () => {
  const agent = new http.Agent({ keepAlive: true });
  http.get({ port: server.address().port, agent }, (response) => {
    response.on("data", (text) => console.log(String(text)));
  });
});
`;

Deno.test({
  name: "Node's server closes a connection that is kept alive once its answer is out",
  ignore: !isInstalled("node"),
  async fn() {
    await using program = new Running(["node", "--input-type=module", "--eval", PROGRAM], {});
    const said = [await program.line(), await program.line()]; // in no certain order
    assertEquals(said.toSorted(), ["answered", "closed"]);
  },
});
