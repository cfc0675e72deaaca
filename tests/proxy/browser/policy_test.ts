import { assert, assertEquals } from "@std/assert";
import { allowScript } from "../../../lib/proxy/browser/policy.ts";

/** The policy that is sent for this one, with `NONCE` for a fresh nonce, and whether the tag has one. */
function sent(policy: string): readonly [policy: string, nonce: string | null] {
  const allowed = allowScript([["Content-Security-Policy", policy]]);
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
  ]);
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

Deno.test("a sandbox without scripts is left alone, and so is a page without a policy", () => {
  const fields = [["Content-Type", "text/html"]] as const;
  assertEquals(allowScript(fields), { fields, nonce: null });
  assert(typeof allowScript([["Content-Security-Policy", "sandbox allow-forms"]]) === "string");
  assert(typeof allowScript([["Content-Security-Policy", "sandbox Allow-Scripts"]]) === "object");
});
