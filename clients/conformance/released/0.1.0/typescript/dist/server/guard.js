import { LintelError } from "../core/error.js";
import { getSession } from "../generated/frontend.js";
import { TokenError } from "./verify.js";
/** The token of an `Authorization: Bearer` header. Spec: RFC 6750 §2.1. */
export function bearer(headers) {
    return /^Bearer +([\w.~+/-]+=*) *$/i.exec(headers.get("authorization") ?? "")?.[1];
}
/**
 * The session's cookie as it came, to be passed on; of other cookies the server learns
 * nothing. Of two it is the one that no other host of the site can have set.
 */
export function sessionCookie(headers) {
    const cookies = (headers.get("cookie") ?? "").split(";").map((one) => one.trim());
    const find = (start) => cookies.find((one) => one.startsWith(start) && one !== start);
    return find("__Host-lintel_session=") ?? find("lintel_session=");
}
/**
 * Asks the server whose session a request has, by cookie or bearer: for pages that are made
 * on a server of the same site. Undefined without one.
 */
export async function readSession(client, headers) {
    const token = bearer(headers);
    const cookie = token ? undefined : sessionCookie(headers);
    if (!token && !cookie)
        return undefined;
    try {
        return await client(getSession, {}, { token: token ?? "", headers: cookie ? { cookie } : {} });
    }
    catch (error) {
        if (error instanceof LintelError && error.code === "session_invalid")
            return undefined;
        throw error;
    }
}
/**
 * Lets only those through who bring a JWT of a session; others get 401, and 503 where the
 * keys to check it with cannot be had.
 */
export function createGuard(verify) {
    return async (headers) => {
        const token = bearer(headers);
        if (!token)
            return refusal(401, "token_missing", "Bearer");
        try {
            return await verify(token);
        }
        catch (error) {
            if (error instanceof TokenError)
                return refusal(401, "token_invalid", 'Bearer error="invalid_token"');
            if (error instanceof LintelError)
                return refusal(503, "unavailable");
            throw error;
        }
    };
}
const titles = { token_missing: "No token", token_invalid: "Token not valid", unavailable: "Unavailable" };
function refusal(status, code, challenge) {
    const problem = { type: "about:blank", title: titles[code], status, detail: `${titles[code]}.`, code };
    const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
    if (challenge)
        headers.set("www-authenticate", challenge);
    else
        headers.set("retry-after", "5");
    return new Response(JSON.stringify(problem), { status, headers });
}
/** A handler of the Fetch API that is told who asks: Next's route handlers, workers, Deno, Bun. */
export function withClaims(guard, handler) {
    return async (request, ...more) => {
        const who = await guard(request.headers);
        return who instanceof Response ? who : handler(request, who, ...more);
    };
}
/** Middleware for Node; puts the claims into `request.claims`. */
export function nodeGuard(guard) {
    return async (request, response, next) => {
        const { authorization } = request.headers;
        let who;
        try {
            who = await guard(new Headers(authorization === undefined ? {} : { authorization }));
        }
        catch (error) {
            return next(error);
        }
        if (who instanceof Response) {
            response.writeHead(who.status, Object.fromEntries(who.headers));
            response.end(await who.text());
            return;
        }
        request.claims = who;
        next();
    };
}
/**
 * Middleware for Next (`proxy.ts`; before Next 16, `middleware.ts`). Whoever may goes on, with
 * what `pass` gives where there is one, as `NextResponse.next()` with headers of its own.
 */
export function nextGuard(guard, pass) {
    return async (request) => {
        const who = await guard(request.headers);
        return who instanceof Response ? who : pass?.(request, who);
    };
}
/** Middleware for Hono; puts the claims into the context as `claims`. */
export function honoGuard(guard) {
    return async (context, next) => {
        const who = await guard(context.req.raw.headers);
        if (who instanceof Response)
            return who;
        context.set("claims", who);
        await next();
        return undefined;
    };
}
