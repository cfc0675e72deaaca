import { assertEquals } from "@std/assert";
import { INJECTED_CLIENTS, type InjectedClient } from "../../lib/client/injected_clients.ts";
import { INJECTED_SOURCES } from "../../lib/client/injected_sources.ts";
import { clientsFor, layOutClients } from "../../lib/client/injections.ts";
import { type Files, PlatformError } from "../../lib/platform/platform.ts";
import { explained } from "../support/explained.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const RUBY: InjectedClient = {
  name: "ruby",
  language: "Ruby",
  variable: "RUBYLIB",
  path: "lib",
  option: "",
  isWord: false,
  interpreter: null,
  files: { "lib/a.rb": [1, 1_000_000_002_000] },
};
const PERL: InjectedClient = {
  name: "perl",
  language: "Perl",
  variable: "PERL5OPT",
  path: "B.pm",
  option: "-I",
  isWord: false,
  interpreter: null,
  files: { "B.pm": [1, 1_000_000_004_000] },
};
const SOURCES = { ruby: { "lib/a.rb": "1" }, perl: { "B.pm": "2" } };

/** Two clients in a folder of their own, as a start of baton lays them out, and what it read. */
class Layout implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly log: string[] = [];

  start(files: Partial<Files> = {}) {
    const { files: real, user } = new FakePlatform();
    const readText = (path: string) => {
      this.log.push(path.slice(this.folder.length + 1));
      return real.readText(path);
    };
    const read = () => {
      this.log.push("sources");
      return Promise.resolve(SOURCES);
    };
    const host = { files: { ...real, readText, ...files }, user };
    return layOutClients(host, () => this.folder, [RUBY, PERL], read);
  }

  async lay(files: Partial<Files> = {}) {
    const clients = this.start(files);
    await clients.prepare();
    assertEquals<unknown>(clients.layOut(), [
      { variable: "RUBYLIB", item: `${this.folder}/ruby/lib`, separator: ":" },
      { variable: "PERL5OPT", item: `-I${this.folder}/perl/B.pm`, separator: " " },
    ]);
    assertEquals(this.texts(), ["1", "2"]);
    return clients;
  }

  texts(): string[] {
    return ["ruby/lib/a.rb", "perl/B.pm"].map((file) => Deno.readTextFileSync(this.path(file)));
  }

  path(file: string): string {
    return `${this.folder}/${file}`;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test("a Python client that cannot be laid out says why, and what to do", async () => {
  const { files, user } = new FakePlatform();
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/python/baton/__init__.py`;
  const python = INJECTED_CLIENTS.find(({ name }) => name === "python")!;
  const createExclusively = () => {
    throw new PlatformError("ENOSPC", `Cannot write "${path}": no space left on device`, path);
  };
  try {
    const host = { files: { ...files, createExclusively }, user };
    const clients = layOutClients(host, () => folder, [python]);
    await clients.prepare();
    assertEquals(explained(clients.layOut), {
      what: `Cannot lay out the Python client: cannot write "${path}": no space left on device`,
      where: path,
      next: "Free the place, or let XDG_STATE_HOME name another folder",
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("every client is laid out where its manifest says, and at the next start nothing is read", async () => {
  using layout = new Layout();
  await layout.lay();
  assertEquals(layout.log, ["sources"]);
  await layout.lay();
  assertEquals(layout.log, ["sources"]);
});

Deno.test("those that are for standby alone are left out where none is to be", async () => {
  using layout = new Layout();
  const { files, user } = new FakePlatform();
  const clients = [RUBY, { ...PERL, interpreter: "perl" }];
  const { layOut, load } = layOutClients(
    { files, user },
    () => layout.folder,
    clients,
    () => Promise.resolve(SOURCES),
  );
  await load();
  assertEquals(layOut(false).map(({ variable }) => variable), ["RUBYLIB"]);
  assertEquals(layOut().map(({ variable }) => variable), ["RUBYLIB", "PERL5OPT"]);
});

Deno.test("what Node's hook shares with those of Deno and Bun is laid out for it, and named to nobody", () => {
  const { files } = new FakePlatform();
  const host = { files, os: "linux", env: () => ({ PATH: "/bin" }) } as const;
  const pathsFor = (...command: string[]) => {
    const settings = { command, standby: "auto", listen: [], proxy: null } as const;
    return clientsFor(host, settings).filter(({ name }) => name === "ecmascript")
      .map(({ path }) => path);
  };
  assertEquals(pathsFor("node", "app.mjs"), [""]);
  assertEquals(pathsFor("npm", "run", "dev"), [""]);
  assertEquals(pathsFor("bun", "app.ts"), ["standby/hook.mjs"]);
  assertEquals(pathsFor("bun", "test"), []);
  assertEquals(pathsFor("python3", "app.py"), []);
});

Deno.test("what somebody may have put where modules are looked for is refused, and no link is written through", async () => {
  const plants: Record<string, (layout: Layout) => string> = {
    "a module that is run unasked": (layout) => {
      Deno.writeTextFileSync(layout.path("ruby/usercustomize.py"), "");
      return "ruby/usercustomize.py";
    },
    "a module beside the first that is found": (layout) => {
      Deno.mkdirSync(layout.path("ruby/lib/json"));
      return "ruby/lib/json";
    },
    "a link in place of a client": (layout) => {
      Deno.renameSync(layout.path("perl"), layout.path("victim"));
      Deno.symlinkSync("victim", layout.path("perl"));
      return "perl";
    },
    "a link in place of a folder of it": (layout) => {
      Deno.renameSync(layout.path("ruby/lib"), layout.path("victim"));
      Deno.symlinkSync("../victim", layout.path("ruby/lib"));
      return "ruby/lib";
    },
  };
  for (const [name, plant] of Object.entries(plants)) {
    using layout = new Layout();
    await layout.lay();
    for (const harmless of ["ruby/.DS_Store", "ruby/lib/a.rb.1.tmp", "perl/letter"]) {
      Deno.writeTextFileSync(layout.path(harmless), "");
    }
    Deno.mkdirSync(layout.path("ruby/lib/__pycache__"));
    const clients = await layout.lay();
    const path = layout.path(plant(layout));
    const victim = layout.path("victim");
    if (name.startsWith("a link")) {
      for (const file of Deno.readDirSync(victim)) {
        Deno.removeSync(`${victim}/${file.name}`, { recursive: true });
      }
    }
    for (const each of [clients, layout.start()]) {
      await each.prepare();
      assertEquals(explained(() => each.layOut()).where, path, name);
    }
    if (name.startsWith("a link")) assertEquals([...Deno.readDirSync(victim)], [], name);
  }
});

Deno.test("what is not as it was laid out is laid out anew", async () => {
  const changes: Record<string, (path: string) => void> = {
    "another text of the same size": (path) => Deno.writeTextFileSync(path, "9"),
    "cut short, with its old time": (path) => {
      const { mtime } = Deno.statSync(path);
      Deno.truncateSync(path);
      Deno.utimeSync(path, mtime!, mtime!);
    },
    "removed": (path) => Deno.removeSync(path),
    "a link in its place": (path) => {
      Deno.renameSync(path, `${path}.old`);
      Deno.symlinkSync(`${path}.old`, path);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    using layout = new Layout();
    await layout.lay();
    change(layout.path("perl/B.pm"));
    await layout.lay();
    assertEquals(layout.log.filter((path) => path === "sources").length, 2, name);
  }
});

Deno.test("what lost only its time is given it again, and not written", async () => {
  using layout = new Layout();
  await layout.lay();
  Deno.utimeSync(layout.path("perl/B.pm"), 1, 1);
  const { ino } = Deno.statSync(layout.path("perl/B.pm"));
  await layout.lay();
  assertEquals(layout.log, ["sources", "sources", "perl/B.pm"]);
  await layout.lay();
  assertEquals([layout.log.length, Deno.statSync(layout.path("perl/B.pm")).ino], [3, ino]);
});

Deno.test("where files cannot be dated they are read at each start", async () => {
  using layout = new Layout();
  const setModified = (path: string) => {
    throw new PlatformError("ENOSYS", "Cannot date it", path);
  };
  await layout.lay({ setModified });
  await layout.lay({ setModified });
  assertEquals(layout.log, ["sources", "sources", "ruby/lib/a.rb", "perl/B.pm"]);
});

Deno.test("a file that is lost while baton runs comes back once the clients are loaded", async () => {
  using layout = new Layout();
  await layout.lay();
  const clients = await layout.lay();
  Deno.removeSync(layout.path("perl/B.pm"));
  await clients.load();
  clients.layOut();
  assertEquals(layout.texts(), ["1", "2"]);
});

Deno.test("the clients that baton brings along are known by what is in their files", () => {
  for (const { name, files } of INJECTED_CLIENTS) {
    const sources = INJECTED_SOURCES[name]!;
    assertEquals(Object.keys(sources), Object.keys(files));
    const sizes = Object.values(files).map(([bytes]) => bytes);
    assertEquals(
      Object.values(sources).map((text) => new TextEncoder().encode(text).length),
      sizes,
    );
  }
});
