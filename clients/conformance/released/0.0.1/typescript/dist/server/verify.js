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
/** Makes a verifier. The algorithm is that of the key, whatever the token says. */
export function createVerifier(options) {
    const keys = options.keys ?? createKeys(options);
    const issuer = options.issuer ?? options.baseUrl.replace(/\/$/, "");
    const audience = options.audience ?? issuer;
    const leeway = options.leeway ?? 30;
    return async (token) => {
        const [head, body, signature, ...more] = token.length > longest ? [] : token.split(".");
        if (!head || !body || !signature || more.length > 0)
            throw new TokenError("malformed");
        const header = json(head);
        if (typeof header["kid"] !== "string" || `${header["typ"]}`.toUpperCase() !== "JWT" || "crit" in header) {
            throw new TokenError("malformed");
        }
        if (!Object.hasOwn(checks, `${header["alg"]}`))
            throw new TokenError("algorithm");
        const found = await keys.find(header["kid"]);
        if (!found)
            throw new TokenError("key");
        const check = checks[found.algorithm];
        if (!check || found.algorithm !== header["alg"])
            throw new TokenError("algorithm");
        const signed = new TextEncoder().encode(`${head}.${body}`);
        if (!(await crypto.subtle.verify(check, found.key, bytes(signature), signed)))
            throw new TokenError("signature");
        return judge(json(body), issuer, audience, leeway);
    };
}
function judge(claims, issuer, audience, leeway) {
    const now = Date.now() / 1000;
    const { iss, aud, exp, nbf, sub } = claims;
    if (iss !== issuer)
        throw new TokenError("issuer");
    if (![aud].flat().includes(audience))
        throw new TokenError("audience");
    if (typeof exp !== "number" || now >= exp + leeway)
        throw new TokenError("time");
    if (nbf !== undefined && (typeof nbf !== "number" || now < nbf - leeway))
        throw new TokenError("time");
    if (typeof sub !== "string" || !sub)
        throw new TokenError("malformed");
    return claims;
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
