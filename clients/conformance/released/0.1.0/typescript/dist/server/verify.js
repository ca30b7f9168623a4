import { createKeys } from "./keys.js";
/** A token that is not believed. */
export class TokenError extends Error {
    name = "TokenError";
    fault;
    constructor(fault, cause) {
        super(`lintel: the token is not valid (${fault})`, { cause });
        this.fault = fault;
    }
}
/** How a signature is checked. */
const checks = {
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
const optional = {
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
export function createVerifier(options) {
    const keys = options.keys ?? createKeys(options);
    const issuer = options.issuer ?? options.baseUrl.replace(/\/$/, "");
    const audience = options.audience ?? issuer;
    const leeway = options.leeway ?? 10;
    return async (token) => {
        const [head, body, signature, ...more] = token.length > longest ? [] : token.split(".");
        if (!head || !body || !signature || more.length > 0)
            throw new TokenError("malformed");
        const { kid, typ, alg, ...rest } = json(head);
        if (typeof kid !== "string" || !kid || kid.length > longestKeyId)
            throw new TokenError("malformed");
        if (typeof typ !== "string" || typ.toUpperCase() !== "JWT" || strange.some((name) => name in rest))
            throw new TokenError("malformed");
        if (typeof alg !== "string" || !Object.hasOwn(checks, alg))
            throw new TokenError("algorithm");
        const found = await keys.find(kid);
        if (!found)
            throw new TokenError("key");
        const check = checks[found.algorithm];
        if (!check || found.algorithm !== alg)
            throw new TokenError("algorithm");
        const signed = new TextEncoder().encode(`${head}.${body}`);
        if (!(await crypto.subtle.verify(check, found.key, bytes(signature), signed)))
            throw new TokenError("signature");
        return judge(json(body), issuer, audience, leeway);
    };
}
function judge(claims, issuer, audience, leeway) {
    const now = Date.now() / 1000;
    const { iss, aud, exp, nbf, iat, sub, sid } = claims;
    if (iss !== issuer)
        throw new TokenError("issuer");
    if (![aud].flat().includes(audience))
        throw new TokenError("audience");
    if (!finite(exp) || now >= exp + leeway)
        throw new TokenError("time");
    for (const from of [nbf, iat]) {
        if (from !== undefined && (!finite(from) || now < from - leeway))
            throw new TokenError("time");
    }
    if (!text(sub) || !sub || !text(sid) || !sid)
        throw new TokenError("malformed");
    for (const [name, fits] of Object.entries(optional)) {
        if (claims[name] !== undefined && !fits(claims[name]))
            throw new TokenError("malformed");
    }
    return claims;
}
/**
 * Whether the user had all of the permissions when the token was made. Asked for none it says
 * no, and so it does where the token does not say. Permissions are compared as they are
 * written; `lintel:all` is everything that begins with `lintel:`.
 */
export function can(claims, ...permissions) {
    const held = claims.permissions ?? [];
    return (permissions.length > 0 &&
        permissions.every((wanted) => held.includes(wanted) || (wanted.startsWith("lintel:") && held.includes("lintel:all"))));
}
function texts(value) {
    return Array.isArray(value) && value.every(text);
}
function text(value) {
    return typeof value === "string";
}
/** A number that ends: 1e999 is read as one that does not. */
function finite(value) {
    return Number.isFinite(value);
}
function json(part) {
    let read;
    try {
        read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(part)));
    }
    catch (cause) {
        throw cause instanceof TokenError ? cause : new TokenError("malformed", cause);
    }
    if (!read || typeof read !== "object" || Array.isArray(read))
        throw new TokenError("malformed");
    return read;
}
function bytes(part) {
    if (!/^[\w-]+$/.test(part))
        throw new TokenError("malformed");
    try {
        return Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
    }
    catch (cause) {
        throw new TokenError("malformed", cause);
    }
}
