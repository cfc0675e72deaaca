/** The programs of Node that are saved. */
import { nodeFrameworks } from "../../tests/support/node_packages.ts";
import type { Program } from "./programs.ts";

const NAMES = ["express", "axios", "lodash"];
const SERVES = `
const VERSION = 1;
const app = express();
app.get("/", (_request, response) => response.type("text").send(VERSION + " " + process.pid + "\\n"));
app.listen(Number(process.env.PORT), "127.0.0.1");
`;
const REQUIRES = NAMES.map((name) => `const ${name} = require("${name}");\n`).join("") + SERVES;
const IMPORTS = NAMES.map((name) => `import ${name} from "${name}";\n`).join("") + SERVES;

/** None where npm cannot be reached, which is said. */
export async function nodePrograms(): Promise<readonly Program[]> {
  const packages = await nodeFrameworks();
  if (packages === null) return [];
  const scripts = { "package.json": '{ "scripts": { "dev": "node app.js" } }' };
  const plain: Program = {
    name: "Node, express",
    files: { "app.js": REQUIRES },
    edited: "app.js",
    command: () => ["node", "app.js"],
    packages,
  };
  const byScript: Program = {
    ...plain,
    name: "npm run dev, express",
    files: { "app.js": REQUIRES, ...scripts },
    command: () => ["npm", "run", "dev"],
  };
  const proxied = [plain, byScript].map((program): Program => ({
    ...program,
    name: `${program.name}, behind --proxy`,
    isProxied: true,
  }));
  const byImport: Program = {
    name: "Node, express by import",
    files: { "app.mjs": IMPORTS },
    edited: "app.mjs",
    command: () => ["node", "app.mjs"],
    packages,
  };
  const first: Program = { ...byImport, name: `${byImport.name}, imported first`, standby: "own" };
  return [plain, byScript, ...proxied, byImport, first];
}
