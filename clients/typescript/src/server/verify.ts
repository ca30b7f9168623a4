import { createKeys, type KeyOptions, type Keys } from "./keys.js";

/** What a session's JWT says. Spec: RFC 7519 §4.1, OpenID Connect Core 1.0 §2. */
export interface Claims {
  readonly iss: string;
  /** The user. */
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  /** The session. */
  readonly sid: string;
  readonly client_id: string;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly auth_time: number;
  /** The keys of the roles that the user had when the token was made; older servers say nothing. */
  readonly roles?: readonly string[];
  /** What those held; absent where there were too many to say. */
  readonly permissions?: readonly string[];
  /** Who acts in the user's name; absent where it is the user. Spec: RFC 8693 §4.1. */
  readonly act?: { readonly sub: string };
}

/** Why a token is not believed. */
export type TokenFault = "malformed" | "algorithm" | "key" | "signature" | "issuer" | "audience" | "time";

/** A token that is not believed. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly fault: TokenFault;

  constructor(fault: TokenFault, cause?: unknown) {
    super(`lintel: the token is not valid (${fault})`, { cause });
    this.fault = fault;
  }
}

/** Whom to believe. */
export interface VerifierOptions extends KeyOptions {
  /** Who this service is, where the application lists audiences; the issuer without it. */
  readonly audience?: string | undefined;
  /** Who has to have signed it; `baseUrl` without it. */
  readonly issuer?: string | undefined;
  /** Seconds by which clocks may differ; 10 without it. */
  readonly leeway?: number | undefined;
  /** In the place of the server's, which are fetched. */
  readonly keys?: Keys | undefined;
}

/** Reads a token, or rejects with a {@link TokenError}; with a LintelError where no key could be fetched. */
export type Verifier = (token: string) => Promise<Claims>;

/** How a signature is checked. */
const checks: { readonly [algorithm: string]: AlgorithmIdentifier | EcdsaParams | RsaPssParams } = {
  ES256: { name: "ECDSA", hash: "SHA-256" },
  EdDSA: "Ed25519",
  RS256: "RSASSA-PKCS1-v1_5",
  PS256: { name: "RSA-PSS", saltLength: 32 },
};

const longest = 16_384;
const longestKeyId = 256;

/** What is not understood, or brings a key along. Spec: RFC 7515 §4.1.2, §4.1.3, §4.1.5, §4.1.6, §4.1.11; RFC 8725 §3.10. */
const strange = ["crit", "b64", "jwk", "jku", "x5c", "x5u"];

/** What the claims are that a token may leave out. */
const optional: { readonly [claim: string]: (value: unknown) => boolean } = {
  jti: text,
  client_id: text,
  acr: text,
  amr: texts,
  auth_time: Number.isFinite,
  roles: texts,
  permissions: texts,
  act: (value) => typeof value === "object" && value !== null && "sub" in value && text(value.sub) && value.sub !== "",
};

/** Makes a verifier. The algorithm is that of the key, whatever the token says. */
export function createVerifier(options: VerifierOptions): Verifier {
  const keys = options.keys ?? createKeys(options);
  const issuer = options.issuer ?? options.baseUrl.replace(/\/$/, "");
  const audience = options.audience ?? issuer;
  const leeway = options.leeway ?? 10;
  return async (token) => {
    const [head, body, signature, ...more] = token.length > longest ? [] : token.split(".");
    if (!head || !body || !signature || more.length > 0) throw new TokenError("malformed");
    const { kid, typ, alg, ...rest } = json(head);
    if (typeof kid !== "string" || !kid || kid.length > longestKeyId) throw new TokenError("malformed");
    if (typeof typ !== "string" || typ.toUpperCase() !== "JWT" || strange.some((name) => name in rest)) throw new TokenError("malformed");
    if (typeof alg !== "string" || !Object.hasOwn(checks, alg)) throw new TokenError("algorithm");
    const found = await keys.find(kid);
    if (!found) throw new TokenError("key");
    const check = checks[found.algorithm];
    if (!check || found.algorithm !== alg) throw new TokenError("algorithm");
    const signed = new TextEncoder().encode(`${head}.${body}`);
    if (!(await crypto.subtle.verify(check, found.key, bytes(signature), signed))) throw new TokenError("signature");
    return judge(json(body), issuer, audience, leeway);
  };
}

function judge(claims: { readonly [name: string]: unknown }, issuer: string, audience: string, leeway: number): Claims {
  const now = Date.now() / 1000;
  const { iss, aud, exp, nbf, iat, sub, sid } = claims;
  if (iss !== issuer) throw new TokenError("issuer");
  if (![aud].flat().includes(audience)) throw new TokenError("audience");
  if (!finite(exp) || now >= exp + leeway) throw new TokenError("time");
  for (const from of [nbf, iat]) {
    if (from !== undefined && (!finite(from) || now < from - leeway)) throw new TokenError("time");
  }
  if (!text(sub) || !sub || !text(sid) || !sid) throw new TokenError("malformed");
  for (const [name, fits] of Object.entries(optional)) {
    if (claims[name] !== undefined && !fits(claims[name])) throw new TokenError("malformed");
  }
  return claims as unknown as Claims;
}

/**
 * Whether the user had all of the permissions when the token was made. Asked for none it says
 * no, and so it does where the token does not say. Permissions are compared as they are
 * written; `lintel:all` is everything that begins with `lintel:`.
 */
export function can(claims: Pick<Claims, "permissions">, ...permissions: readonly string[]): boolean {
  const held = claims.permissions ?? [];
  return (
    permissions.length > 0 &&
    permissions.every((wanted) => held.includes(wanted) || (wanted.startsWith("lintel:") && held.includes("lintel:all")))
  );
}

function texts(value: unknown): boolean {
  return Array.isArray(value) && value.every(text);
}

function text(value: unknown): value is string {
  return typeof value === "string";
}

/** A number that ends: 1e999 is read as one that does not. */
function finite(value: unknown): value is number {
  return Number.isFinite(value);
}

function json(part: string): { readonly [name: string]: unknown } {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(part)));
  } catch (cause) {
    throw cause instanceof TokenError ? cause : new TokenError("malformed", cause);
  }
  if (!read || typeof read !== "object" || Array.isArray(read)) throw new TokenError("malformed");
  return read as { readonly [name: string]: unknown };
}

function bytes(part: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(part)) throw new TokenError("malformed");
  try {
    return Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  } catch (cause) {
    throw new TokenError("malformed", cause);
  }
}
