import { createClient } from "../core/client.js";
import { getJwks } from "../generated/frontend.js";
/** What is imported for an algorithm; one that is not here is not believed. */
const imports = {
    ES256: { name: "ECDSA", namedCurve: "P-256" },
    EdDSA: { name: "Ed25519" },
    RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    PS256: { name: "RSA-PSS", hash: "SHA-256" },
};
/**
 * Keeps a server's keys. They are fetched when they are old or one is missing, by one
 * request at a time; while the server is away the old ones go on.
 */
export function createKeys(options) {
    const client = createClient({ ...options, token: "" });
    const maxAge = (options.maxAge ?? 300) * 1000;
    const coolDown = (options.coolDown ?? 10) * 1000;
    let kept = new Map();
    let fetched = Number.NEGATIVE_INFINITY;
    let tried = Number.NEGATIVE_INFINITY;
    let fetching;
    let failure;
    async function fetchAll() {
        tried = Date.now();
        try {
            const { keys } = await client(getJwks);
            const made = await Promise.all(keys.map(read));
            kept = new Map(made.filter((one) => one !== undefined));
            fetched = Date.now();
            failure = undefined;
        }
        catch (error) {
            failure = error;
            throw error;
        }
    }
    const fetchOnce = () => (fetching ??= fetchAll().finally(() => (fetching = undefined)));
    return {
        async find(kid) {
            const found = kept.get(kid);
            const now = Date.now();
            if (found) {
                if (now > fetched + maxAge && now > tried + coolDown)
                    fetchOnce().catch(() => undefined);
                return found;
            }
            if (fetching || now > tried + coolDown)
                await fetchOnce();
            else if (failure)
                throw failure; // it may be the one that could not be fetched
            return kept.get(kid);
        },
    };
}
async function read(jwk) {
    const parameters = Object.hasOwn(imports, jwk.alg) ? imports[jwk.alg] : undefined;
    if (!parameters || jwk.use !== "sig")
        return undefined;
    try {
        const key = await crypto.subtle.importKey("jwk", jwk, parameters, false, ["verify"]);
        return [jwk.kid, { algorithm: jwk.alg, key }];
    }
    catch {
        return undefined; // of a kind that this platform does not know
    }
}
