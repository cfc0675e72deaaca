// Node on descriptor 3: server.close() takes no more, and ends when the last answer is out.
import { createServer } from "node:http";

const VERSION = 0;
const server = createServer((_request, response) => response.end(`${VERSION}\n`));
server.listen({ fd: 3 });
process.on("SIGTERM", () => server.close());
