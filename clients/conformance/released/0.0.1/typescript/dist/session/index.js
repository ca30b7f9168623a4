import { createClient } from "../core/client.js";
import { LintelError } from "../core/error.js";
import { createSessionToken, endSession, getSession, refreshSession } from "../generated/frontend.js";
const KEY = "lintel_session";
/** Makes the session's store, and a client that asks with it. */
export function createSession({ tokenStorage, ...options }) {
    const bare = createClient({ ...options, token: tokenStorage && (() => tokenStorage.getItem(KEY) ?? undefined) });
    const listeners = new Set();
    const tokens = new Map();
    const tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel(`${KEY} ${options.baseUrl}`) : undefined;
    let state = { status: "unknown" };
    let loading;
    function show(next) {
        const other = next.session?.id !== state.session?.id;
        if (other)
            tokens.clear();
        if (other || next.status !== state.status || next.session) {
            state = next;
            for (const listener of [...listeners])
                listener();
        }
        return state;
    }
    function tell(next) {
        show(next);
        tabs?.postMessage(next.status);
        return state;
    }
    function gone() {
        tokenStorage?.removeItem(KEY);
        return tell({ status: "signed_out" });
    }
    const client = async (operation, ...input) => {
        try {
            return await bare(operation, ...input);
        }
        catch (error) {
            if (error instanceof LintelError && error.code === "session_invalid" && state.status !== "signed_out")
                gone();
            throw error;
        }
    };
    function ask(operation) {
        return client(operation).then((session) => show({ status: "signed_in", session }), (error) => {
            if (state.status === "signed_out")
                return state;
            throw error;
        });
    }
    const store = {
        client,
        get state() {
            return state;
        },
        load: () => (loading ??= ask(getSession).finally(() => (loading = undefined))),
        adopt({ outcome }) {
            if (!outcome)
                return state;
            if (outcome.session_token)
                tokenStorage?.setItem(KEY, outcome.session_token);
            return tell({ status: "signed_in", session: outcome.session });
        },
        refresh: () => ask(refreshSession),
        jwt(audience) {
            const name = audience ?? "";
            const kept = tokens.get(name);
            if (kept && Date.now() < kept.until)
                return kept.token;
            const asked = client(createSessionToken, audience === undefined ? {} : { audience });
            const token = asked.then((made) => made.token);
            const mine = () => tokens.get(name)?.token === token; // and not another session's by now
            tokens.set(name, { until: Number.POSITIVE_INFINITY, token });
            asked.then(
            // A fifth of its life, and half a minute at most, is left for it to arrive.
            ({ expires_in }) => mine() && tokens.set(name, { until: Date.now() + (expires_in - Math.min(30, expires_in / 5)) * 1000, token }), () => mine() && tokens.delete(name));
            return token;
        },
        async end() {
            try {
                await bare(endSession);
            }
            catch (error) {
                if (!(error instanceof LintelError) || error.status !== 401)
                    throw error;
            }
            gone();
        },
        subscribe(listener) {
            listeners.add(listener);
            return () => void listeners.delete(listener);
        },
        close: () => tabs?.close(),
    };
    // What another tab did is asked of the server; a token is in the storage they share.
    if (tabs)
        tabs.onmessage = ({ data }) => void (data === state.status || store.load().catch(() => undefined));
    return store;
}
