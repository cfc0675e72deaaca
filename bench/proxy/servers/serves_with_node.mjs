// Node on PORT, which knows nothing of baton.
import { createServer } from "node:http";

const VERSION = 0;
const MUCH = Buffer.alloc(1_048_576);
const answers = { "/much": MUCH, "/port": process.env.PORT };
createServer((request, response) => response.end(answers[request.url] ?? `${VERSION}\n`))
  .listen(process.env.PORT);
