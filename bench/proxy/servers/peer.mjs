// A proxy of a well-kept library, run by Deno, between its own port and that of another.
import { Agent, createServer } from "node:http";

const [target, library] = Deno.args;
const { createProxyServer } = await import(library);
const agent = new Agent({ keepAlive: true });
const proxy = createProxyServer({ target: `http://127.0.0.1:${target}`, xfwd: true, agent });
const server = createServer((request, response) => proxy.web(request, response));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
