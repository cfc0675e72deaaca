import { assertEquals } from "@std/assert";
import { INJECTED_CLIENTS } from "../../lib/client/injected_clients.ts";
import { layOutClients } from "../../lib/client/injections.ts";
import { PlatformError } from "../../lib/platform/platform.ts";
import { explained } from "../support/explained.ts";
import { FakePlatform } from "../support/fake_platform.ts";

Deno.test("a Python client that cannot be laid out says why, and what to do", () => {
  const { files, user } = new FakePlatform();
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/python/baton/__init__.py`;
  const python = INJECTED_CLIENTS.find(({ name }) => name === "python")!;
  const createExclusively = () => {
    throw new PlatformError("ENOSPC", `Cannot write "${path}": no space left on device`, path);
  };
  try {
    const host = { files: { ...files, createExclusively }, user };
    assertEquals(explained(layOutClients(host, () => folder, [python])), {
      what: `Cannot lay out the Python client: cannot write "${path}": no space left on device`,
      where: path,
      next: 'Free the place, or choose another folder with "--state-dir"',
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("every client is laid out where its manifest says, and read only once", () => {
  const { files, user } = new FakePlatform();
  const folder = Deno.makeTempDirSync();
  const read: string[] = [];
  const readText = (path: string) => {
    read.push(path);
    return files.readText(path);
  };
  const clients = [
    {
      name: "ruby",
      language: "Ruby",
      variable: "RUBYLIB",
      path: "lib",
      option: "",
      isWord: false,
      interpreter: null,
      sources: { "lib/a.rb": "1" },
    },
    {
      name: "perl",
      language: "Perl",
      variable: "PERL5OPT",
      path: "B.pm",
      option: "-I",
      isWord: false,
      interpreter: null,
      sources: { "B.pm": "2" },
    },
  ];
  const injections = [
    { variable: "RUBYLIB", item: `${folder}/ruby/lib`, separator: ":" },
    { variable: "PERL5OPT", item: `-I${folder}/perl/B.pm`, separator: " " },
  ] as const;
  try {
    const layOut = layOutClients({ files: { ...files, readText }, user }, () => folder, clients);
    assertEquals<unknown>(layOut(), injections);
    Deno.removeSync(`${folder}/perl/B.pm`);
    assertEquals<unknown>([layOut(), read], [injections, []]);
    assertEquals(Deno.readTextFileSync(`${folder}/ruby/lib/a.rb`), "1");
    assertEquals(Deno.readTextFileSync(`${folder}/perl/B.pm`), "2");
    const anew = layOutClients({ files: { ...files, readText }, user }, () => folder, clients);
    assertEquals<unknown>([anew(), anew()], [injections, injections]);
    assertEquals(read, [`${folder}/ruby/lib/a.rb`, `${folder}/perl/B.pm`]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
