import { assert, assertEquals } from "@std/assert";
import type { Field } from "../../../lib/proxy/head.ts";
import { allowScript } from "../../../lib/proxy/browser/policy.ts";

/** The policy that is sent for this one, with `NONCE` for a fresh nonce, and whether the tag has one. */
function sent(policy: string): readonly [policy: string, nonce: string | null] {
  const allowed = allowScript([["Content-Security-Policy", policy]], [["Host", "[::1]:80"]]);
  assert(typeof allowed !== "string", String(allowed));
  const [[, value]] = allowed.fields as readonly [readonly [string, string]];
  const fresh = allowed.nonce !== null && !policy.includes(allowed.nonce) ? allowed.nonce : null;
  return [
    fresh === null ? value : value.replaceAll(fresh, "NONCE"),
    fresh ? "NONCE" : allowed.nonce,
  ];
}

const CASES: Readonly<Record<string, readonly [string, string | null]>> = {
  "default-src 'self'": ["default-src 'self'", null],
  "img-src 'none'": ["img-src 'none'", null],
  "script-src 'none'; connect-src *": [
    "script-src 'none'; connect-src *; script-src-elem 'nonce-NONCE'",
    "NONCE",
  ],
  "default-src 'none'": [
    "default-src 'none'; script-src-elem 'nonce-NONCE'; connect-src 'self'",
    "NONCE",
  ],
  "script-src 'nonce-abc' 'strict-dynamic'": ["script-src 'nonce-abc' 'strict-dynamic'", "abc"],
  "script-src 'self' 'strict-dynamic' 'sha256-x='": [
    "script-src 'self' 'strict-dynamic' 'sha256-x='; script-src-elem 'self' 'strict-dynamic' 'sha256-x=' 'nonce-NONCE'",
    "NONCE",
  ],
  "script-src 'unsafe-inline'": [
    "script-src 'unsafe-inline'; script-src-elem 'unsafe-inline' 'self'",
    null,
  ],
  "Script-Src 'Unsafe-Inline' HTTPS:": [
    "script-src 'Unsafe-Inline' HTTPS:; script-src-elem 'Unsafe-Inline' HTTPS: 'self'",
    null,
  ],
  "script-src 'SELF' 'Strict-Dynamic' 'NONCE-abc'": [
    "script-src 'SELF' 'Strict-Dynamic' 'NONCE-abc'; script-src-elem 'SELF' 'Strict-Dynamic' 'NONCE-abc' 'nonce-abc'",
    "abc",
  ],
  "script-src 'strict-dynamic' 'unsafe-inline' https:": [
    "script-src 'strict-dynamic' 'unsafe-inline' https:; script-src-elem 'strict-dynamic' 'unsafe-inline' https: 'nonce-NONCE'",
    "NONCE",
  ],
  "default-src 'SELF'": ["default-src 'SELF'", null],
  "script-src-elem https://cdn.example": [
    "script-src-elem https://cdn.example 'nonce-NONCE'",
    "NONCE",
  ],
  "script-src 'self'; connect-src https://api.example": [
    "script-src 'self'; connect-src https://api.example 'self'",
    null,
  ],
};

for (const [policy, wanted] of Object.entries(CASES)) {
  Deno.test(`a page with the policy ${policy} gets the script`, () => {
    const [value, nonce] = sent(policy);
    assertEquals([value, nonce], [...wanted]);
  });
}

Deno.test("of several policies each allows the script", () => {
  const allowed = allowScript([
    ["content-security-policy", "script-src 'nonce-a1'"],
    ["X", "y"],
    ["Content-Security-Policy", "default-src https:, script-src 'self'"],
  ], []);
  assert(typeof allowed !== "string");
  assertEquals(allowed.nonce, "a1");
  assertEquals(allowed.fields, [
    ["X", "y"],
    [
      "Content-Security-Policy",
      "script-src 'nonce-a1', default-src https:; script-src-elem https: 'nonce-a1'; connect-src https: 'self', script-src 'self'",
    ],
  ]);
});

Deno.test("a page may load nothing more than without baton, where a policy can name its host", () => {
  const value = (...asked: Field[]) => {
    const policy = "default-src 'none'; script-src 'unsafe-inline'";
    const allowed = allowScript([["Content-Security-Policy", policy]], asked);
    assert(typeof allowed !== "string");
    return allowed.fields[0]![1].replace(`${policy}; `, "");
  };
  const exact = (host: string) =>
    `script-src-elem 'unsafe-inline' ${host}/_baton/client.js; connect-src ${host}/_baton/events`;
  for (
    const host of ["localhost", "localhost:8000", "my-app.test:1", "127.0.0.1:8000", "1.example"]
  ) {
    assertEquals(value(["Host", host]), exact(host));
  }
  assertEquals(value(["Host", "here"], ["X-Forwarded-Host", "there"]), exact("there"));
  const self = "script-src-elem 'unsafe-inline' 'self'; connect-src 'self'";
  for (
    const host of ["10.0.0.1:80", "[::1]:8000", "a;script-src *", "a, b", "a b", "", "*.a", "1.2"]
  ) {
    assertEquals(value(["Host", host]), self, host);
  }
});

Deno.test("a policy that only reports has nothing to report of the script", () => {
  const name = "Content-Security-Policy-Report-Only";
  const value = "script-src 'nonce-abc'; connect-src 'none'; sandbox";
  const allowed = allowScript([["content-security-policy-report-only", value]], [["Host", "a:1"]]);
  assertEquals(allowed, {
    fields: [[name, "script-src 'nonce-abc'; connect-src a:1/_baton/events; sandbox"]],
    nonce: "abc",
  });
});

Deno.test("a page without a policy is sent as it is; left alone is a sandbox without scripts, or without its own origin", () => {
  const fields = [["Content-Type", "text/html"]] as const;
  assertEquals(allowScript(fields, []), { fields, nonce: null });
  const left = (policy: string) =>
    typeof allowScript([["Content-Security-Policy", policy]], []) === "string";
  assertEquals(
    ["allow-forms", "allow-scripts", "allow-same-origin", "Allow-Scripts allow-Same-origin"]
      .map((flags) => left(`sandbox ${flags}`)),
    [true, true, true, false],
  );
});
