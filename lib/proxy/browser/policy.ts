/** Content-Security-Policy (https://www.w3.org/TR/CSP3/), as far as one more script of the same origin is concerned. */
import { type Field, valuesOf } from "../head.ts";
import { OWN_PATH } from "../own.ts";

/** What has to be sent, so that the script may run and ask for events. */
export interface Allowed {
  readonly fields: readonly Field[];
  /** Of the tag; null where it needs none. */
  readonly nonce: string | null;
}

type Directives = readonly (readonly [name: string, sources: readonly string[]])[];

const SELF = "'self'";
const POLICY = "content-security-policy";
/** One that forbids nothing, and has told what it would. */
const REPORTING = "content-security-policy-report-only";
const NONCE = /^'nonce-([A-Za-z0-9+/=_-]+)'$/i;

/**
 * A host as a policy can name it: no IPv6, and of IPv4 what leads to this machine alone. `'self'` does for others,
 * by which a page may do more than without baton, so that a mistake in its policy is found late.
 */
const NAMEABLE = /^(?:127\.0\.0\.1|(?![\d.]+(?::|$))[a-z\d-]+(?:\.[a-z\d-]+)*)(?::\d{1,5})?$/i;

/** What in a policy stands for baton's script, and for its events, where `asked` are the fields of the request. */
function sourcesOf(asked: readonly Field[]): { readonly script: string; readonly events: string } {
  const [host = ""] = [...valuesOf(asked, "x-forwarded-host"), ...valuesOf(asked, "host")];
  return NAMEABLE.test(host)
    ? { script: `${host}${OWN_PATH}client.js`, events: `${host}${OWN_PATH}events` }
    : { script: SELF, events: SELF };
}

/** The fields of an answer with policies that allow the script, or why they cannot. */
export function allowScript(
  fields: readonly Field[],
  asked: readonly Field[],
): Allowed | string {
  const own = sourcesOf(asked);
  const [enforced, reported] = [policiesOf(fields, POLICY), policiesOf(fields, REPORTING)];
  const policies = [...enforced, ...reported];
  if (policies.length === 0) return { fields, nonce: null };
  const lacking = enforced.map(lackingIn).find((each) => each !== null);
  if (lacking) return `its Content-Security-Policy has "sandbox" without "${lacking}"`;
  const nonce = policies.flatMap(noncesOf)[0] ?? freshNonce();
  let isNeeded = false;
  const changed = (name: string, each: readonly Directives[]): Field[] => {
    const texts = each.map((policy) => {
      const scripts = withScript(policy, nonce, own.script);
      isNeeded ||= scripts.isNeeded;
      return textOf(withEvents(scripts.policy, own.events));
    });
    return texts.length === 0 ? [] : [[name, texts.join(", ")]];
  };
  const rest = fields.filter(([name]) => ![POLICY, REPORTING].includes(name.toLowerCase()));
  return {
    fields: [
      ...rest,
      ...changed("Content-Security-Policy", enforced),
      ...changed("Content-Security-Policy-Report-Only", reported),
    ],
    nonce: isNeeded ? nonce : null,
  };
}

function policiesOf(fields: readonly Field[], name: string): Directives[] {
  return valuesOf(fields, name).flatMap((value) => value.split(","))
    .map(directivesOf).filter((directives) => directives.length > 0);
}

/** What a sandbox would have to allow; of another origin than its own the script may ask for no events. */
function lackingIn(policy: Directives): string | null {
  const sandbox = policy.find(([name]) => name === "sandbox")?.[1];
  if (sandbox === undefined) return null;
  return ["allow-scripts", "allow-same-origin"].find((each) => !has(sandbox, each)) ?? null;
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
  address: string,
): { readonly policy: Directives; readonly isNeeded: boolean } {
  const name = governing(policy, ["script-src-elem", "script-src", "default-src"]);
  if (name === undefined) return { policy, isNeeded: false };
  const sources = policy.find(([each]) => each === name)![1];
  const isStrict = has(sources, "'strict-dynamic'"); // By it neither addresses count nor what is inline.
  if (has(sources, SELF) && !isStrict) {
    return { policy, isNeeded: false };
  }
  const proof = `'nonce-${nonce}'`;
  if (sources.includes(proof)) return { policy, isNeeded: true };
  // By a nonce or a hash whatever else is inline would be forbidden: the address allows this script alone.
  const hasProofs = sources.some((source) => NONCE.test(source) || /^'sha\d+-/i.test(source));
  if (has(sources, "'unsafe-inline'") && !hasProofs && !isStrict) {
    return { policy: withSources(policy, name, "script-src-elem", [address]), isNeeded: false };
  }
  return { policy: withSources(policy, name, "script-src-elem", [proof]), isNeeded: true };
}

function withEvents(policy: Directives, address: string): Directives {
  const name = governing(policy, ["connect-src", "default-src"]);
  if (name === undefined) return policy;
  const sources = policy.find(([each]) => each === name)![1];
  if (has(sources, SELF) || has(sources, "*")) return policy;
  return withSources(policy, name, "connect-src", [address]);
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
