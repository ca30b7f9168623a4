import { createClient } from "../core/client.js";
import { LintelError } from "../core/error.js";
import { createSessionToken, endSession, getSession, refreshSession } from "../generated/frontend.js";
const KEY = "lintel_session";
/** Makes the session's store, and a client that asks with it. */
export function createSession({ tokenStorage, ...options }) {
    const held = () => tokenStorage?.getItem(KEY) ?? undefined;
    const bare = createClient({ ...options, token: tokenStorage && held });
    const listeners = new Set();
    const tokens = new Map();
    let tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel(`${KEY} ${options.baseUrl}`) : undefined;
    let state = { status: "unknown" };
    let loading;
    let era = 0; // what was asked in an earlier one says nothing of the session that is here now
    function turn() {
        era++;
        loading = undefined;
    }
    function show(next) {
        const other = next.session?.id !== state.session?.id;
        // A new proof makes other tokens, too.
        if (other || next.session?.auth_time !== state.session?.auth_time)
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
        turn();
        tokenStorage?.removeItem(KEY);
        return tell({ status: "signed_out" });
    }
    const client = async (operation, ...[input, call]) => {
        const asked = era;
        let sent;
        const token = call?.token ?? (tokenStorage && (() => (sent = held())));
        try {
            return await bare(operation, input, { ...call, token });
        }
        catch (error) {
            const invalid = error instanceof LintelError && error.code === "session_invalid" && call?.token === undefined;
            // Another session may have come meanwhile, and be fine.
            if (invalid && asked === era && sent === held() && state.status !== "signed_out")
                gone();
            throw error;
        }
    };
    async function ask(operation) {
        const asked = era;
        try {
            const session = await client(operation);
            return asked === era ? show({ status: "signed_in", session }) : (loading ?? state);
        }
        catch (error) {
            if (asked !== era)
                return loading ?? state;
            if (state.status === "signed_out" && error.code === "session_invalid")
                return state;
            throw error;
        }
    }
    const store = {
        client,
        get state() {
            return state;
        },
        load() {
            if (loading)
                return loading;
            const mine = ask(getSession).finally(() => loading === mine && (loading = undefined));
            return (loading = mine);
        },
        adopt({ outcome }) {
            if (!outcome)
                return state;
            turn();
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
        close() {
            tabs?.close();
            tabs = undefined;
        },
    };
    if (tabs) {
        // What another tab did is asked of the server; a token is in the storage they share. Who
        // signed in there may be somebody else, or the same with a new proof.
        tabs.onmessage = ({ data }) => {
            if (data === "signed_out" && state.status === data)
                return;
            turn();
            store.load().catch(() => undefined);
        };
        tabs.unref?.(); // Node would wait for other tabs without end
    }
    return store;
}
