/**
 * Runs a command with a registry that answers as JSR does, on 127.0.0.1, made of the stand-ins: so that the
 * way over JSR is tried where JSR cannot be reached. `deno run -A tools/jsr.ts deno task ok --no-tests`
 */
/** Lower-case hex. */
function encodeHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const OFFLINE = new URL("offline/", import.meta.url);
const VERSION = "1.0.99";

/** The modules of a package: what is imported, and the stand-in. */
type Package = ReadonlyMap<string, string>;

/** The packages of `@std` that there are stand-ins for, by name. */
async function packages(): Promise<Map<string, Package>> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("import_map.json", OFFLINE)));
  const found = new Map<string, Map<string, string>>();
  for (const [specifier, file] of Object.entries<string>(imports)) {
    const [, name, entry = ""] = /^@std\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
    if (name === undefined) continue;
    const modules = found.get(name) ?? new Map<string, string>();
    found.set(name, modules.set(`.${entry}`, file));
  }
  return found;
}

function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(file, OFFLINE));
}

/** What JSR says of a version: its files with their checksums, and what it exports. */
async function versionMeta(modules: Package): Promise<object> {
  const manifest: Record<string, object> = {};
  for (const file of new Set(modules.values())) {
    const bytes = await read(file);
    const checksum = encodeHex(await crypto.subtle.digest("SHA-256", bytes));
    manifest[file.slice(1)] = { size: bytes.length, checksum: `sha256-${checksum}` };
  }
  return { manifest, exports: Object.fromEntries(modules) };
}

async function answer(request: Request, all: ReadonlyMap<string, Package>): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, name = "", rest] = /^\/@std\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
  const modules = all.get(name);
  if (modules === undefined) return new Response(null, { status: 404 });
  if (rest === "meta.json") {
    return Response.json({ scope: "std", name, latest: VERSION, versions: { [VERSION]: {} } });
  }
  if (rest === `${VERSION}_meta.json`) return Response.json(await versionMeta(modules));
  const file = `.${rest?.slice(VERSION.length)}`;
  if (![...modules.values()].includes(file)) return new Response(null, { status: 404 });
  return new Response(await read(file), { headers: { "content-type": "text/typescript" } });
}

/** Serves until it is disposed of; `url` ends in a slash, as `JSR_URL` is to be. */
export async function serveJsr(): Promise<AsyncDisposable & { readonly url: string }> {
  const all = await packages();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answer(request, all),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

if (import.meta.main) {
  const [command, ...args] = Deno.args;
  if (command === undefined) throw new Error("Name a command to run");
  await using jsr = await serveJsr();
  const env = { JSR_URL: jsr.url, BATON_REGISTRY: "jsr" };
  const { code } = await new Deno.Command(command, { args, env }).spawn().status;
  Deno.exitCode = code;
}
