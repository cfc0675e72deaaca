/**
 * Runs a command with a registry that answers as JSR does, on 127.0.0.1: it has the stand-ins of `@std`, and baton as
 * it would be published. So the way over JSR is tried where JSR cannot be reached.
 * `deno run -A tools/jsr.ts deno task ok --no-tests`
 */
/** Lower-case hex. */
function encodeHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const ROOT = new URL("../", import.meta.url);
const OFFLINE = new URL("offline/", import.meta.url);
const STD_VERSION = "1.0.99";

/** A package as JSR has it: what can be imported from it, and its files. */
interface Package {
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  /** By their paths, which begin with "./". */
  readonly files: ReadonlyMap<string, () => Promise<Uint8Array<ArrayBuffer>>>;
}

/** The packages of `@std` that there are stand-ins for, by name. */
async function standIns(): Promise<Map<string, Package>> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("import_map.json", OFFLINE)));
  const found = new Map<string, Package>();
  for (const [specifier, file] of Object.entries<string>(imports)) {
    const [, name, entry = ""] = /^(@std\/[^/]+)(\/.*)?$/.exec(specifier) ?? [];
    if (name === undefined) continue;
    const { exports = {}, files = new Map() } = found.get(name) ?? {};
    found.set(name, {
      version: STD_VERSION,
      exports: { ...exports, [`.${entry}`]: file },
      files: new Map([...files, [file, () => Deno.readFile(new URL(file, OFFLINE))]]),
    });
  }
  return found;
}

interface Config {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[] };
}

/** A module as `deno publish` sends it: what `deno.json` maps is named in full. */
export function unfurled(source: string, imports: Config["imports"]): string {
  return source.replace(/(\b(?:from|import)\s*\(?\s*)"([^"]+)"/g, (whole, before, specifier) => {
    const name = Object.keys(imports)
      .filter((name) => specifier === name || specifier.startsWith(`${name}/`))
      .sort((a, b) => b.length - a.length)[0];
    if (name === undefined) return whole;
    return `${before}"${imports[name]}${specifier.slice(name.length)}"`;
  });
}

/** Baton as `deno publish` would send it. */
async function itself(): Promise<[name: string, Package]> {
  const config: Config = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const { name, version, exports, imports, publish } = config;
  const paths = publish.include.flatMap((path) => [...filesBelow(path)]);
  const read = async (path: string) => {
    const url = new URL(path, ROOT);
    if (!path.endsWith(".ts")) return await Deno.readFile(url);
    return new TextEncoder().encode(unfurled(await Deno.readTextFile(url), imports));
  };
  const files = new Map(paths.map((path) => [`./${path}`, () => read(path)]));
  return [name, { version, exports, files }];
}

/** The file itself, or every file in a folder. */
function* filesBelow(path: string): Generator<string> {
  if (!Deno.statSync(new URL(path, ROOT)).isDirectory) return yield path;
  for (const { name } of Deno.readDirSync(new URL(path, ROOT))) {
    yield* filesBelow(`${path}/${name}`);
  }
}

/** What JSR says of a version: its files with their checksums, and what it exports. */
async function versionMeta({ exports, files }: Package): Promise<object> {
  const manifest: Record<string, object> = {};
  for (const [file, read] of files) {
    const bytes = await read();
    const checksum = encodeHex(await crypto.subtle.digest("SHA-256", bytes));
    manifest[file.slice(1)] = { size: bytes.length, checksum: `sha256-${checksum}` };
  }
  return { manifest, exports };
}

async function answer(request: Request, all: ReadonlyMap<string, Package>): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, full = "", scope, name, rest] = /^\/((@\w+)\/([^/]+))\/(.*)$/.exec(pathname) ?? [];
  const found = all.get(full);
  if (found === undefined) return new Response(null, { status: 404 });
  const { version } = found;
  if (rest === "meta.json") {
    return Response.json({
      scope: scope!.slice(1),
      name,
      latest: version,
      versions: { [version]: {} },
    });
  }
  if (rest === `${version}_meta.json`) return Response.json(await versionMeta(found));
  const read = found.files.get(`.${rest?.slice(version.length)}`);
  if (read === undefined) return new Response(null, { status: 404 });
  return new Response(await read(), { headers: { "content-type": "text/typescript" } });
}

/** Serves until it is disposed of; `url` ends in a slash, as `JSR_URL` is to be. */
export async function serveJsr(): Promise<AsyncDisposable & { readonly url: string }> {
  const all = new Map([...await standIns(), await itself()]);
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
