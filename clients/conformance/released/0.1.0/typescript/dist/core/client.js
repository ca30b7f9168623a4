import { LintelError } from "./error.js";
import { ANSWERS, MAY_REPEAT, TAKES_KEY, TAKES_TOKEN } from "./operation.js";
/** Makes a client. It keeps nothing but its options. */
export function createClient(options) {
    return async (operation, input = {}, call = {}) => {
        const all = { ...options, ...given(call), headers: { ...options.headers, ...call.headers } };
        const timeout = Math.min(all.timeout ?? 30_000, 2 ** 31 - 1); // a timer counts no further
        const end = Date.now() + timeout;
        const leave = new AbortController();
        const left = () => leave.abort();
        const late = setTimeout(left, timeout);
        all.signal?.addEventListener("abort", left);
        if (all.signal?.aborted)
            left();
        let theirs = false; // whether what is thrown comes from `inspect`
        const inspect = (response) => ((theirs = true), all.inspect?.(response), (theirs = false));
        try {
            const [url, request] = await sendable(async () => {
                const token = typeof all.token === "function" ? await before(leave.signal, all.token) : all.token;
                return spell(operation, input, all, token);
            });
            for (let attempt = 0;; attempt++) {
                try {
                    return (await exchange({ ...all, inspect }, operation[2], url, { ...request, signal: leave.signal }));
                }
                catch (error) {
                    if (theirs || leave.signal.aborted)
                        throw error;
                    const { code, status, retryAfter } = error;
                    const pause = retryAfter === undefined ? 200 * 2 ** attempt * (1 + Math.random()) : retryAfter * 1000;
                    const passing = code === "network" || (status > 501 && status < 505);
                    if (!(operation[2] & MAY_REPEAT) || attempt >= (all.retries ?? 2) || !passing || Date.now() + pause > end)
                        throw error;
                    await rest(pause, leave.signal);
                }
            }
        }
        catch (error) {
            if (theirs || !leave.signal.aborted)
                throw error;
            throw all.signal?.aborted ? failure("aborted", all.signal.reason) : failure("timeout", error);
        }
        finally {
            clearTimeout(late);
            all.signal?.removeEventListener("abort", left);
        }
    };
}
/** What is there and undefined is as if it were not there. */
function given(options) {
    return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
function failure(code, cause) {
    return new LintelError(code, 0, `lintel: ${code}`, { cause });
}
function rest(pause, signal) {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, pause);
        signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    });
}
/** What is made until the signal says that nobody waits for it any more. */
async function before(signal, make) {
    signal.throwIfAborted();
    return Promise.race([make(), new Promise((_, reject) => signal.addEventListener("abort", reject))]);
}
/**
 * What a platform refuses to send, a line break in a header or half a character, is the
 * input's fault, and so is a token that cannot be got.
 */
async function sendable(make) {
    try {
        return await make();
    }
    catch (cause) {
        throw cause instanceof LintelError ? cause : new LintelError("input_invalid", 0, "lintel: the input cannot be sent", { cause });
    }
}
function spell(operation, input, options, token) {
    const [method, template, bits, named = {}] = operation;
    const headers = new Headers(options.headers);
    const request = { method, headers, redirect: "manual" };
    const query = new URLSearchParams();
    let path = template;
    headers.set("accept", "application/json, application/problem+json");
    for (const [name, value] of Object.entries(input)) {
        if (value === undefined)
            continue;
        const hole = `{${name}}`;
        if (name === "body") {
            request.body = JSON.stringify(value);
            headers.set("content-type", method === "PATCH" ? "application/merge-patch+json" : "application/json");
        }
        else if (template.includes(hole)) {
            path = path.replace(hole, () => segment(name, `${value}`));
        }
        else if (named[name]) {
            headers.set(named[name], `${value}`);
        }
        else {
            for (const one of [value].flat())
                query.append(name, `${one}`);
        }
    }
    const missing = /{(.+?)}/.exec(path);
    if (missing)
        throw new LintelError("input_invalid", 0, `lintel: ${missing[1]} is missing`);
    if (options.locale)
        headers.set("accept-language", options.locale);
    if (bits & TAKES_KEY)
        headers.set("idempotency-key", options.idempotencyKey ?? key());
    if (options.token === undefined)
        request.credentials = "include";
    else if (token && bits & TAKES_TOKEN)
        headers.set("authorization", `Bearer ${token}`);
    const asked = query.toString();
    return [options.baseUrl.replace(/\/$/, "") + path + (asked && `?${asked}`), request];
}
/** A value as one segment of a path: nothing in it leads elsewhere. */
function segment(name, value) {
    if (/^\.{0,2}$/.test(value))
        throw new LintelError("input_invalid", 0, `lintel: ${name} cannot be "${value}"`);
    return encodeURIComponent(value);
}
function key() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
async function exchange(options, bits, url, request) {
    let response, text;
    try {
        response = await (options.fetch ?? fetch)(url, request);
    }
    catch (cause) {
        throw failure("network", cause);
    }
    options.inspect?.(response);
    try {
        text = await response.text();
    }
    catch (cause) {
        throw failure("network", cause);
    }
    const { ok, status, headers } = response;
    if (ok && status === 204 && !(bits & ANSWERS))
        return undefined;
    let answer, cause;
    // Whatever Lintel says is an object.
    if (/^application\/(problem\+)?json *(;|$)/i.test(headers.get("content-type") ?? "") && /^\s*{/.test(text)) {
        try {
            answer = JSON.parse(text);
        }
        catch (error) {
            cause = error;
        }
    }
    if (ok && answer)
        return answer;
    const retryAfter = Number(headers.get("retry-after") || undefined);
    const more = { cause, retryAfter: retryAfter >= 0 ? retryAfter : undefined };
    const problem = ok ? undefined : answer;
    if (typeof problem?.code !== "string") {
        throw new LintelError("unreadable", status, `lintel: the answer (${status}) is not one of Lintel's`, more);
    }
    throw new LintelError(problem.code, status, problem.detail, { ...more, problem });
}
