/** Content-Security-Policy (https://www.w3.org/TR/CSP3/), as far as one more script of the same origin is concerned. */
import type { Field } from "../head.ts";

/** What has to be sent, so that the script may run and ask for events. */
export interface Allowed {
  readonly fields: readonly Field[];
  /** Of the tag; null where it needs none. */
  readonly nonce: string | null;
}

type Directives = readonly (readonly [name: string, sources: readonly string[]])[];

const POLICY = "content-security-policy";
const NONCE = /^'nonce-([A-Za-z0-9+/=_-]+)'$/i;

/** The fields with policies that allow the script, or why they cannot. */
export function allowScript(fields: readonly Field[]): Allowed | string {
  const isPolicy = ([name]: Field) => name.toLowerCase() === POLICY;
  const policies = fields.filter(isPolicy).flatMap(([, value]) => value.split(","))
    .map(directivesOf).filter((directives) => directives.length > 0);
  if (policies.length === 0) return { fields, nonce: null };
  const nonce = policies.flatMap(noncesOf)[0] ?? freshNonce();
  const changed: Directives[] = [];
  let isNeeded = false;
  for (const policy of policies) {
    const sandbox = policy.find(([name]) => name === "sandbox")?.[1];
    if (sandbox !== undefined && !has(sandbox, "allow-scripts")) {
      return 'its Content-Security-Policy has "sandbox" without "allow-scripts"';
    }
    const scripts = withScript(policy, nonce);
    isNeeded ||= scripts.isNeeded;
    changed.push(withEvents(scripts.policy));
  }
  const value = changed.map(textOf).join(", ");
  const rest = fields.filter((field) => !isPolicy(field));
  return {
    fields: [...rest, ["Content-Security-Policy", value]],
    nonce: isNeeded ? nonce : null,
  };
}

function directivesOf(policy: string): Directives {
  return policy.split(";").flatMap((part) => {
    const [name, ...sources] = part.trim().split(/\s+/);
    return name === undefined || name === "" ? [] : [[name.toLowerCase(), sources] as const];
  });
}

function textOf(policy: Directives): string {
  return policy.map(([name, sources]) => [name, ...sources].join(" ")).join("; ");
}

function noncesOf(policy: Directives): string[] {
  const name = governing(policy, ["script-src-elem", "script-src", "default-src"]);
  const sources = policy.find(([each]) => each === name)?.[1] ?? [];
  return sources.flatMap((source) => NONCE.exec(source)?.[1] ?? []);
}

/** The first of these directives that the policy has; of several with one name the first counts. */
function governing(policy: Directives, names: readonly string[]): string | undefined {
  return names.find((name) => policy.some(([each]) => each === name));
}

/** Keywords are the same in any case. */
function has(sources: readonly string[], keyword: string): boolean {
  return sources.some((source) => source.toLowerCase() === keyword);
}

function withScript(
  policy: Directives,
  nonce: string,
): { readonly policy: Directives; readonly isNeeded: boolean } {
  const name = governing(policy, ["script-src-elem", "script-src", "default-src"]);
  if (name === undefined) return { policy, isNeeded: false };
  const sources = policy.find(([each]) => each === name)![1];
  const isStrict = has(sources, "'strict-dynamic'"); // By it neither addresses count nor what is inline.
  if (has(sources, "'self'") && !isStrict) {
    return { policy, isNeeded: false };
  }
  const proof = `'nonce-${nonce}'`;
  if (sources.includes(proof)) return { policy, isNeeded: true };
  // By a nonce or a hash whatever else is inline would be forbidden: the address allows this script alone.
  const hasProofs = sources.some((source) => NONCE.test(source) || /^'sha\d+-/i.test(source));
  if (has(sources, "'unsafe-inline'") && !hasProofs && !isStrict) {
    return { policy: withSources(policy, name, "script-src-elem", ["'self'"]), isNeeded: false };
  }
  return { policy: withSources(policy, name, "script-src-elem", [proof]), isNeeded: true };
}

function withEvents(policy: Directives): Directives {
  const name = governing(policy, ["connect-src", "default-src"]);
  if (name === undefined) return policy;
  const sources = policy.find(([each]) => each === name)![1];
  if (has(sources, "'self'") || has(sources, "*")) return policy;
  return withSources(policy, name, "connect-src", ["'self'"]);
}

/** Where the directive in charge is a more general one, a new one allows what that does, and this. */
function withSources(
  policy: Directives,
  inCharge: string,
  name: string,
  more: readonly string[],
): Directives {
  const found = policy.find(([each]) => each === inCharge)!;
  const own = found[1].filter((source) => source.toLowerCase() !== "'none'");
  const added = [name, [...own, ...more]] as const;
  return inCharge === name
    ? policy.map((directive) => directive === found ? added : directive)
    : [...policy, added];
}

function freshNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
