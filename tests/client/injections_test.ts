import { assertEquals } from "@std/assert";
import { layOutClients } from "../../lib/client/injections.ts";
import { PlatformError } from "../../lib/platform/platform.ts";
import { explained } from "../support/explained.ts";
import { FakePlatform } from "../support/fake_platform.ts";

Deno.test("a Python client that cannot be laid out says why, and what to do", () => {
  const { files, user } = new FakePlatform();
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/python/baton/__init__.py`;
  const createExclusively = () => {
    throw new PlatformError("ENOSPC", `Cannot write "${path}": no space left on device`, path);
  };
  try {
    const host = { files: { ...files, createExclusively }, user };
    assertEquals(explained(layOutClients(host, () => folder)), {
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
      folder: "lib",
      sources: { "lib/a.rb": "1" },
    },
    { name: "perl", language: "Perl", variable: "PERL5LIB", folder: ".", sources: { "B.pm": "2" } },
  ];
  const injections = [
    { variable: "RUBYLIB", folder: `${folder}/ruby/lib` },
    { variable: "PERL5LIB", folder: `${folder}/perl` },
  ];
  try {
    const layOut = layOutClients({ files: { ...files, readText }, user }, () => folder, clients);
    assertEquals(layOut(), injections);
    Deno.removeSync(`${folder}/perl/B.pm`);
    assertEquals([layOut(), read], [injections, []]);
    assertEquals(Deno.readTextFileSync(`${folder}/ruby/lib/a.rb`), "1");
    assertEquals(Deno.readTextFileSync(`${folder}/perl/B.pm`), "2");
    const anew = layOutClients({ files: { ...files, readText }, user }, () => folder, clients);
    assertEquals([anew(), anew()], [injections, injections]);
    assertEquals(read, [`${folder}/ruby/lib/a.rb`, `${folder}/perl/B.pm`]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
