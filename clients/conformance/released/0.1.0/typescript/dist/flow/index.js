import { LintelError } from "../core/error.js";
import { abandonFlow, createFlow, getFlow, rewindFlow, stepTypes, submitStep, } from "../generated/frontend.js";
const KEY = "lintel_flow";
/** Starts a flow, with a first answer if there is one: a password signs in with one request. */
export async function startFlow(client, { storage, ...start }) {
    const body = { transport: "cookie", accepts: stepTypes, ...start };
    return drive(client, await client(createFlow, { body }), storage);
}
/** Goes on with the flow that was under way when the page was left; undefined without one. */
export async function resumeFlow(client, storage) {
    const [flow_id, flow_token] = (convenient(() => storage.getItem(KEY)) ?? "").split(" ");
    if (!flow_id || !flow_token)
        return undefined;
    try {
        const flow = await client(getFlow, { flow_id, flow_token });
        if (flow.status === "active")
            return drive(client, { ...flow, flow_token }, storage);
    }
    catch (error) {
        if (!(error instanceof LintelError) || ![401, 404].includes(error.status))
            throw error;
    }
    convenient(() => storage.removeItem(KEY));
    return undefined;
}
/** A storage that is full or denied keeps nothing, and is no reason not to sign in. */
function convenient(use) {
    try {
        return use();
    }
    catch {
        return undefined;
    }
}
/** The offer of a type, where the flow makes one. */
export function offer(flow, type) {
    return flow.steps.find((step) => step.type === type);
}
function drive(client, first, storage) {
    const listeners = new Set();
    const open = { flow_id: first.id, flow_token: first.flow_token ?? "" };
    let state = { flow: first, busy: false, error: undefined };
    let turn = Promise.resolve();
    let abandoned = false;
    function show(change) {
        state = { ...state, ...change };
        for (const listener of [...listeners]) {
            try {
                listener();
            }
            catch (error) {
                queueMicrotask(() => {
                    throw error; // the page's own mistake: told as such, and no matter of the flow
                });
            }
        }
    }
    /** What was asked earlier is not told over what is newer, nor over the token, which is told once. */
    function tell(flow) {
        const newer = flow.revision - state.flow.revision;
        if (newer > 0 || (newer === 0 && !state.flow.outcome?.session_token))
            show({ flow });
        if (!abandoned)
            keep(state.flow.status === "active");
        return state.flow;
    }
    function keep(active) {
        convenient(() => (active ? storage?.setItem(KEY, `${open.flow_id} ${open.flow_token}`) : storage?.removeItem(KEY)));
    }
    function act(ask) {
        const mine = turn.then(async () => {
            show({ busy: true, error: undefined });
            try {
                return tell(await ask());
            }
            catch (error) {
                show({ error: error });
                // Another tab was faster: what is offered now is somewhere else.
                if (error.status === 409)
                    await client(getFlow, open).then(tell, () => undefined);
                throw error;
            }
            finally {
                show({ busy: false });
            }
        });
        turn = mine.catch(() => undefined);
        return mine;
    }
    tell(first);
    return {
        get state() {
            return state;
        },
        submit: (body) => act(() => client(submitStep, { ...open, body })),
        back: () => act(() => client(rewindFlow, open)),
        refresh: () => act(() => client(getFlow, open)),
        wait: async (signal) => tell(await client(getFlow, { ...open, wait: 30, revision: state.flow.revision }, { signal, timeout: 45_000 })),
        async abandon() {
            abandoned = true; // what is still on its way is not kept, nor takes away what was begun since
            keep(false);
            await client(abandonFlow, open);
        },
        subscribe(listener) {
            listeners.add(listener);
            return () => void listeners.delete(listener);
        },
    };
}
