/** The servers that listen on a socket of baton's, each in a folder of its own. */
import { copySync } from "@std/fs/copy";
import { findOnPath } from "../../tools/find_on_path.ts";
import { registryFlags } from "../../tools/registry_flags.ts";
import { pythonServers } from "../../tests/support/python_environment.ts";

const root = new URL("../../", import.meta.url).pathname;
const servers = `${root}bench/listen/servers/`;

/** A server in its folder. */
export interface Server {
  readonly name: string;
  readonly command: readonly string[];
  /** The level on which it takes part. */
  readonly level: 0 | 2;
  /** The file that an edit changes. */
  readonly file: string;
}

type Place = (folder: string) => Promise<Server>;

/** By name; those whose server is not here are left out, which is said. */
export async function findServers(): Promise<ReadonlyMap<string, Place>> {
  const found = new Map<string, Place>();
  const bin = await pythonServers();
  if (bin !== null) {
    const uvicorn = [`${bin}/uvicorn`, "--fd", "{fd}", "app_asgi:app"];
    found.set("uvicorn", program("app_asgi.py", uvicorn));
    const gunicorn = [`${bin}/gunicorn`, "app_wsgi:app"]; // it looks for LISTEN_FDS by itself
    found.set("gunicorn", program("app_wsgi.py", gunicorn));
    found.set("flask", program("serves_with_flask.py", [`${bin}/python`, "serves_with_flask.py"]));
  }
  const node = findOnPath("node");
  if (node === null) console.error("SKIPPED: node is not installed");
  else found.set("node", program("serves_with_node.mjs", [node, "serves_with_node.mjs"]));
  const go = findOnPath("go");
  if (go === null) console.error("SKIPPED: go is not installed");
  else found.set("go", goServer(go));
  found.set("python client", program("takes_part.py", ["python3", "takes_part.py"], 2));
  found.set("typescript client", typescript(node ?? "node"));
  return found;
}

function program(file: string, command: readonly string[], level: 0 | 2 = 0): Place {
  return (folder) => {
    copySync(`${servers}${file}`, `${folder}/${file}`);
    return Promise.resolve({ name: file, command, level, file: `${folder}/${file}` });
  };
}

function goServer(go: string): Place {
  return async (folder) => {
    const source = `${servers}serves_with_go.go`;
    await must(go, "build", "-o", `${folder}/server`, source);
    Deno.writeTextFileSync(`${folder}/version`, "VERSION = 0");
    return { name: "go", command: ["./server"], level: 0, file: `${folder}/version` };
  };
}

function typescript(node: string): Place {
  return async (folder) => {
    const flags = (await registryFlags()).map((flag) => flag.replace("=tools/", `=${root}tools/`));
    const client = `${root}lib/client/mod.ts`;
    await must(Deno.execPath(), "bundle", ...flags, "--quiet", "-o", `${folder}/baton.mjs`, client);
    return await program("takes_part.mjs", [node, "takes_part.mjs"], 2)(folder);
  };
}

async function must(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
