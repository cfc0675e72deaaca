// Answers little, much, and upgrades that say nothing.
import { createServer } from "node:http";

const MUCH = Buffer.alloc(1_048_576, 97);
createServer((request, response) => {
  const body = request.url === "/much" ? MUCH : Buffer.from(process.env.PORT);
  response.setHeader("Content-Length", body.length).end(body);
}).on("upgrade", (_request, socket) => {
  socket.on("error", () => socket.destroy());
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
}).listen(process.env.PORT);
