import { assertEquals, assertStringIncludes } from "@std/assert";
import { GO_MODULE, goModuleFault, renamed } from "../../tools/release/go_module.ts";

Deno.test("a release is refused where go get would not find the Go client", () => {
  const repository = "https://github.com/someone/baton";
  assertEquals(goModuleFault(null), null);
  assertEquals(goModuleFault(repository, "github.com/someone/baton/clients/go"), null);
  assertStringIncludes(
    goModuleFault(repository) ?? "",
    `as "${GO_MODULE}": in ${repository} it is "github.com/someone/baton/clients/go"`,
  );
});

Deno.test("the module's path is renamed where it stands for the module", () => {
  const text = 'module a.b/c\nimport "a.b/c"\n`a.b/c`, x.a.b/c, axb/c, -replace a.b/c=PATH\n';
  assertEquals(
    renamed(text, "a.b/c", "d/e"),
    'module d/e\nimport "d/e"\n`d/e`, x.a.b/c, axb/c, -replace d/e=PATH\n',
  );
});
