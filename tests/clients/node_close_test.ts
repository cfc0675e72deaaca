/** How `serve` has a server of Node's end, with a connection that is kept alive. */
import { assertEquals } from "@std/assert";
import { isInstalled } from "../support/client_program.ts";
import { Running } from "../support/running.ts";

const SERVING = new URL("../../lib/client/serving.ts", import.meta.url).pathname;

/** A client that keeps its connection alive is answered while the server is closed. */
const PROGRAM = `
import http from "node:http";
import { stopServing } from "./serving.mjs";
const server = http.createServer((_request, response) => {
  stopServing(server).then(() => console.log("closed"));
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
    const folder = Deno.makeTempDirSync({ prefix: "baton-node-close-" });
    try {
      const args = ["bundle", "--quiet", "-o", `${folder}/serving.mjs`, SERVING];
      const { success } = await new Deno.Command(Deno.execPath(), { args }).output();
      assertEquals(success, true);
      Deno.writeTextFileSync(`${folder}/main.mjs`, PROGRAM);
      await using program = new Running(["node", `${folder}/main.mjs`], {});
      const said = [await program.line(), await program.line()]; // in no certain order
      assertEquals(said.toSorted(), ["answered", "closed"]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
