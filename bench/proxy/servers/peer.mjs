// A proxy of a well-kept library, run by Deno, between its own port and that of another.
import { Agent, createServer } from "node:http";
import { createProxyServer } from "npm:http-proxy-3@^1.23.0";

const agent = new Agent({ keepAlive: true });
const proxy = createProxyServer({ target: `http://127.0.0.1:${Deno.args[0]}`, xfwd: true, agent });
const server = createServer((request, response) => proxy.web(request, response));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
