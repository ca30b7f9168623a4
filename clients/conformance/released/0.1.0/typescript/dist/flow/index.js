import { LintelError } from "../core/error.js";
import { abandonFlow, createFlow, getFlow, rewindFlow, stepTypes, submitStep, } from "../generated/frontend.js";
const KEY = "lintel_flow";
const LINK_KEY = "lintel_link";
/** Starts a flow, with a first answer if there is one: a password signs in with one request. */
export async function startFlow(client, { storage, links, ...start }) {
    const body = { transport: "cookie", accepts: stepTypes, ...start };
    return drive(client, await client(createFlow, { body }), { storage, links });
}
/** Goes on with the flow that was under way when the page was left; undefined without one. */
export async function resumeFlow(client, storage, links) {
    return kept(client, storage, KEY, { storage, links });
}
async function kept(client, at, key, keeping, wanted) {
    const [flow_id, flow_token] = (convenient(() => at.getItem(key)) ?? "").split(" ");
    if (!flow_id || !flow_token || (wanted && wanted !== flow_id))
        return undefined;
    try {
        const flow = await client(getFlow, { flow_id, flow_token });
        if (flow.status === "active")
            return drive(client, { ...flow, flow_token }, keeping);
    }
    catch (error) {
        if (!(error instanceof LintelError) || ![401, 404].includes(error.status))
            throw error;
    }
    convenient(() => at.removeItem(key));
    return undefined;
}
/** What a link of a message has in the fragment of the page that it opened; undefined where none did. */
export function linkIn(fragment) {
    const { flow, link, invitation, undo, recovery } = Object.fromEntries(new URLSearchParams(fragment.replace(/^#/, "")));
    if (flow && link)
        return { type: "flow", flow_id: flow, link_token: link };
    if (invitation)
        return { type: "invitation", invitation_token: invitation };
    if (undo)
        return { type: "undo", undo_token: undo };
    return recovery ? { type: "recovery", recovery_token: recovery } : undefined;
}
/**
 * Answers the flow that a link was sent for with what it brings, where this browser has kept
 * it in `links`. Undefined elsewhere: there `openLink` tells what can be done.
 */
export async function followLink(client, { flow_id, link_token }, keeping) {
    const driver = keeping.links && (await kept(client, keeping.links, LINK_KEY, keeping, flow_id));
    if (driver && offer(driver.state.flow, "link"))
        await driver.submit({ type: "link", link_token });
    return driver;
}
/** Whether it waits for a link that was sent. */
export function awaitsLink(flow) {
    return flow.status === "active" && !!offer(flow, "link")?.sent;
}
/**
 * Waits for as long as the flow waits for a link, and goes on where that was approved
 * elsewhere. Gives where the flow stands then; a connection that is lost only takes longer.
 */
export async function awaitLink(driver, signal) {
    while (awaitsLink(driver.state.flow)) {
        const { flow } = driver.state;
        const step = offer(flow, "link");
        try {
            if (step?.approved && !flow.error)
                await driver.submit({ type: "link", id: step.id });
            else
                await driver.wait(signal);
        }
        catch (error) {
            const { status, retryAfter } = error;
            if (signal?.aborted || (status > 399 && status < 500 && status !== 409 && status !== 429))
                throw error;
            await new Promise((resolve) => setTimeout(resolve, (retryAfter ?? 2) * 1000));
        }
    }
    return driver.state.flow;
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
function drive(client, first, { storage, links }) {
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
        const mine = `${open.flow_id} ${open.flow_token}`;
        convenient(() => (active ? storage?.setItem(KEY, mine) : storage?.removeItem(KEY)));
        // Another tab may wait for a link of its own.
        convenient(() => (active && awaitsLink(state.flow) ? links?.setItem(LINK_KEY, mine) : links?.getItem(LINK_KEY) === mine && links.removeItem(LINK_KEY)));
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
