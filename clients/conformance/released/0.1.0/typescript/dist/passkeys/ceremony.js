import { PasskeyError } from "./error.js";
import { platform } from "./json.js";
let current;
/**
 * Holds a ceremony, and what is to come of it, when the one before has ended, which it asks to.
 * `ask` is given the signal for the platform; until `then` has ended nothing that waits in a
 * form field goes on, so that a passkey which signs in is not asked for a second time.
 */
export async function hold(held, ask, then) {
    if (!platform())
        throw new PasskeyError("unsupported");
    for (;;) {
        const round = begin(held, ask, then);
        try {
            return await round.result;
        }
        catch (error) {
            // Whatever came in between: when that is over, it is offered anew. Another one that waits in a field has its place.
            if (!held.autofill || error.code !== "superseded" || current?.autofill)
                throw error;
            while (current && !current.autofill && !held.signal?.aborted)
                await Promise.race([current.over, left(held.signal)]);
            if (held.signal?.aborted || held.wanted?.() === false)
                throw new PasskeyError("aborted", error);
            if (current)
                throw error;
        }
    }
}
function begin({ autofill = false, timeout, signal }, ask, then) {
    const controller = new AbortController();
    const before = current;
    let why;
    const leave = (code) => {
        why ??= code;
        controller.abort();
    };
    const caller = () => leave("aborted");
    signal?.addEventListener("abort", caller);
    if (signal?.aborted)
        caller();
    const hear = async () => {
        await before?.over;
        const started = Date.now();
        try {
            controller.signal.throwIfAborted();
            const found = await ask(controller.signal);
            if (!found)
                throw new DOMException("there is nothing", "NotAllowedError");
            if (why)
                throw new PasskeyError(why); // it came too late: who left does not want it any more
            return found;
        }
        catch (cause) {
            throw cause instanceof PasskeyError ? cause : new PasskeyError(why ?? reason(cause, Date.now() - started >= timeout), cause);
        }
    };
    const result = hear().then(then);
    const mine = {
        autofill,
        leave: () => leave("superseded"),
        over: result.then(() => undefined, () => undefined).then(() => {
            signal?.removeEventListener("abort", caller);
            if (current === mine)
                current = undefined;
        }),
    };
    current = mine;
    before?.leave();
    return { result };
}
function left(signal) {
    return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
}
/** Browsers tell a dialogue that was closed from one that was left open by nothing but the time. */
function reason(cause, late) {
    switch (cause?.name) {
        case "NotAllowedError": return late ? "timed_out" : "cancelled";
        case "AbortError": return "cancelled";
        case "InvalidStateError": return "already_registered";
        case "SecurityError": return "invalid_domain";
        case "NotSupportedError":
        case "ConstraintError": return "unsupported";
        case "TypeError":
        case "DataError":
        case "EncodingError":
        case "SyntaxError":
        case "InvalidCharacterError": return "invalid_options";
        default: return "failed";
    }
}
