// Node on PORT, which knows nothing of baton.
import { createServer } from "node:http";

const VERSION = 0;
createServer((_request, response) => response.end(`${VERSION}\n`)).listen(process.env.PORT);
