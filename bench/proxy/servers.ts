/** The web programs behind the proxy, each in a folder of its own. */
import { copySync } from "@std/fs/copy";
import { findOnPath } from "../../tools/find_on_path.ts";
import { pythonServers } from "../../tests/support/python_environment.ts";

const here = new URL("./servers/", import.meta.url).pathname;

/** A program in its folder. */
export interface Server {
  readonly command: readonly string[];
  /** The file that an edit changes. */
  readonly file: string;
  /** How it is handed over. */
  readonly mode: "swapped" | "overlapped";
}

export type Place = (folder: string) => Promise<Server>;

/** By name; those that are not installed are left out, which is said. */
export async function findServers(): Promise<ReadonlyMap<string, Place>> {
  const found = new Map<string, Place>();
  const python = "serves_with_http_server.py";
  found.set("http.server", program(python, ["python3", python]));
  const bin = await pythonServers();
  if (bin !== null) {
    const command = [`${bin}/uvicorn`, "--no-access-log", "--port", "{port}"];
    const app = "serves_with_uvicorn";
    found.set("uvicorn", program(`${app}.py`, [...command, `${app}:app`]));
  }
  const [node, go] = ["node", "go"].map(findOnPath);
  const file = "serves_with_node.mjs";
  if (node) found.set("Node", program(file, [node, file]));
  else console.error("SKIPPED: node is not installed");
  if (go) found.set("Go", goServer(go));
  else console.error("SKIPPED: go is not installed");
  const part = "takes_part.py";
  found.set("Python with the client", program(part, ["python3", part], "overlapped"));
  return found;
}

function program(
  file: string,
  command: readonly string[],
  mode: Server["mode"] = "swapped",
): Place {
  return (folder) => {
    copySync(`${here}${file}`, `${folder}/${file}`);
    return Promise.resolve({ command, file: `${folder}/${file}`, mode });
  };
}

function goServer(go: string): Place {
  return async (folder) => {
    const args = ["build", "-o", `${folder}/server`, `${here}serves_with_go.go`];
    const { success, stderr } = await new Deno.Command(go, { args, stdin: "null" }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    Deno.writeTextFileSync(`${folder}/version`, "VERSION = 0");
    return { command: ["./server"], file: `${folder}/version`, mode: "swapped" };
  };
}
