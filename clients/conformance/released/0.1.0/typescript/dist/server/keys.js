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
 * How long keys count that could not be fetched again. Tokens live an hour at most, so that
 * after a day without the server only forged ones are left.
 */
const trustedFor = 24 * 3_600_000;
/** How long after a failure nobody waits for the next fetch, which most likely fails too, and slowly. */
const away = 60_000;
/**
 * Keeps a server's keys. They are fetched when they are old or one is missing, by one
 * request at a time; while the server is away the old ones go on, for a day.
 */
export function createKeys(options) {
    const client = createClient({ ...options, token: "", timeout: options.timeout ?? 5000 });
    const coolDown = (options.coolDown ?? 10) * 1000;
    let kept = new Map();
    let fresh = Number.NEGATIVE_INFINITY; // until when they are as good as new
    let trusted = fresh; // until when they count at all
    let tried = fresh;
    let fetching;
    let failure;
    async function fetchAll() {
        let age = options.maxAge;
        try {
            const { keys } = await client(getJwks, {}, { inspect: ({ headers }) => (age ??= ageOf(headers)) });
            const made = await Promise.all(keys.map(read));
            kept = new Map(made.filter((one) => one !== undefined));
            fresh = Date.now() + (age ?? 0) * 1000;
            trusted = Date.now() + trustedFor;
            failure = undefined;
        }
        catch (error) {
            failure = error;
        }
        tried = Date.now();
    }
    const known = (kid) => (Date.now() < trusted ? kept.get(kid) : undefined);
    return {
        async find(kid) {
            const now = Date.now();
            const found = known(kid);
            if (found && now < fresh)
                return found;
            if (!fetching && now >= tried + coolDown)
                fetching = fetchAll().finally(() => (fetching = undefined));
            if (!(found && failure && now < tried + away))
                await fetching;
            const key = known(kid);
            // Where there is none, it may be the one that could not be fetched.
            if (!key && failure)
                throw failure;
            return key;
        },
    };
}
/** For how many seconds an answer is as good as new. Spec: RFC 9111 §5.2.2.1. */
function ageOf(headers) {
    const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})\s*(?:,|$)/i.exec(headers.get("cache-control") ?? "") ?? [];
    return Math.min(Number(seconds ?? 300), 3600);
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
