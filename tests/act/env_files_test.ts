import { assertEquals, assertThrows } from "@std/assert";
import { parseEnvFile, readEnvFiles, watchedWithEnvFiles } from "../../lib/act/env_files.ts";
import { BatonError } from "../../lib/errors.ts";
import { platform } from "../support/platform.ts";
import { Project } from "../e2e/baton.ts";

Deno.test("lines of NAME=value are read as Node reads them", () => {
  const text = `# a comment
PLAIN=a b # and another
export EXPORTED = yes
EMPTY=
SINGLE='it # is \\n it'
DOUBLE="two\\nlines # in \\"one\\""
SEVERAL="one
two"
BACK=\`it's\`
HASH=a#b
1WRONG=x
no line
`;
  assertEquals(parseEnvFile(text.replace("EMPTY=\n", "EMPTY=\r\n")), {
    PLAIN: "a b",
    EXPORTED: "yes",
    EMPTY: "",
    SINGLE: "it # is \\n it",
    DOUBLE: 'two\nlines # in "one"',
    SEVERAL: "one\ntwo",
    BACK: "it's",
    HASH: "a#b",
  });
});

Deno.test("of several files the later wins; one that cannot be read is an error that names it", () => {
  using project = new Project({ ".env": "A=1\nB=1\n", "local": "B=2\n" });
  const { files } = platform();
  const cwd = project.dir;
  assertEquals(readEnvFiles(files, { cwd, envFile: [".env", "local"] }), { A: "1", B: "2" });
  assertThrows(
    () => readEnvFiles(files, { cwd, envFile: ["none"] }),
    BatonError,
    'Cannot read the variables in "none"',
  );
});

Deno.test("files with variables are watched where they are there, unless they are left out by name", () => {
  using project = new Project({ ".env": "", ".env.local": "" });
  const { files } = platform();
  const settings = { cwd: project.dir, watch: ["src"], ignore: [], envFile: ["conf/env"] };
  assertEquals(watchedWithEnvFiles({ files }, settings), ["src", ".env", ".env.local", "conf/env"]);
  assertEquals(
    watchedWithEnvFiles({ files }, { ...settings, envFile: [], ignore: ["/.env", "*.log"] }),
    ["src", ".env.local"],
  );
});
