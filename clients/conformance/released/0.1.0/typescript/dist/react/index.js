import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { awaitLink, awaitsLink, resumeFlow, startFlow } from "../flow/index.js";
export * from "./passkeys.js";
/** Whether somebody is signed in; asks once where that is not known. */
export function useSession(store) {
    const state = useSyncExternalStore(store.subscribe, () => store.state, () => store.state);
    useEffect(() => {
        if (store.state.status === "unknown")
            store.load().catch(() => undefined);
    }, [store]);
    return state;
}
const idle = () => () => undefined;
/**
 * Runs a flow while the component is there. It starts anew when the journey or the invitation
 * changes, and waits by itself for a link that was sent.
 */
export function useFlow(client, { onCompleted, lazy = false, ...options }) {
    const waits = lazy && !options.storage;
    const [round, setRound] = useState(0);
    const [{ driver, busy, error }, setStart] = useState({ busy: !waits });
    const latest = useRef({ options, onCompleted });
    latest.current = { options, onCompleted };
    const answerFirst = useRef(undefined);
    const completed = useRef(undefined);
    const tell = useCallback((flow) => {
        if (flow.status === "completed" && completed.current !== flow.id) {
            completed.current = flow.id;
            latest.current.onCompleted?.(flow);
        }
        return flow;
    }, []);
    useEffect(() => {
        let here = true;
        let left = false; // whether it was there before
        const begin = async (how) => {
            if (!here)
                return undefined;
            setStart({ busy: true });
            const { storage, links, ...start } = latest.current.options;
            const mine = (one) => one && whileHere(one, () => here);
            try {
                const started = await how({ ...start, storage: mine(storage), links: mine(links) });
                if (here)
                    setStart(started ? { driver: started, busy: false } : { busy: false });
                else if (started?.state.flow.status === "active" && !left)
                    started.abandon().catch(() => undefined);
                return started;
            }
            catch (failure) {
                if (here)
                    setStart({ busy: false, error: failure });
                return undefined;
            }
        };
        let timer;
        let starting = waits
            ? Promise.resolve(undefined)
            : new Promise((resolve) => {
                // Not at once: React, in development, comes and goes once before it stays.
                timer = setTimeout(() => resolve(begin((given) => resume(client, given, round > 0, lazy, () => (left = true)))));
            });
        if (!lazy)
            starting.then((started) => started && here && tell(started.state.flow));
        answerFirst.current = async (answer) => {
            let first = false;
            const submitted = starting.then((before) => before ?? ((first = true), begin((given) => startFlow(client, { ...given, submit: answer }))));
            starting = submitted;
            const started = await submitted;
            if (started && first)
                return tell(started.state.flow);
            return started?.submit(answer).then(tell, () => undefined);
        };
        return () => {
            here = false;
            clearTimeout(timer);
            answerFirst.current = undefined;
            setStart({ busy: !waits });
        };
    }, [client, options.journey, options.client_id, options.invitation_token, round, lazy]);
    const read = () => driver?.state;
    const state = useSyncExternalStore(driver?.subscribe ?? idle, read, read);
    const waiting = state !== undefined && awaitsLink(state.flow);
    const current = useRef(undefined); // as long as the component is there
    useEffect(() => {
        current.current = driver;
        return () => void (current.current = undefined);
    }, [driver]);
    useEffect(() => {
        if (!driver || !waiting)
            return undefined;
        const leave = new AbortController(); // also when it has gone on, which is when it is told
        awaitLink(driver, leave.signal).then((flow) => current.current === driver && tell(flow), () => undefined);
        return () => leave.abort();
    }, [driver, waiting, tell]);
    const act = useCallback(async (what) => {
        let flow;
        try {
            flow = driver && (await what(driver));
        }
        catch {
            // Why is in the state; after a 409, which says that it has moved on, so is where to.
            const now = driver?.state.flow;
            if (now?.status === "completed")
                tell(now);
            return undefined;
        }
        return flow && tell(flow); // what `onCompleted` throws is its own
    }, [driver]);
    return {
        flow: state?.flow,
        busy: state ? state.busy : busy,
        error: state ? state.error : error,
        submit: useCallback(async (answer) => (driver || !lazy ? act((one) => one.submit(answer)) : answerFirst.current?.(answer)), [act, lazy]),
        back: useCallback(() => act((one) => one.back()), [act]),
        refresh: useCallback(() => act((one) => one.refresh()), [act]),
        wait: useCallback(async (signal) => driver && tell(await driver.wait(signal)), [driver]),
        restart: useCallback(() => setRound((before) => before + 1), []),
    };
}
/** Goes on with what was left, or starts, which `lazy` leaves to the first answer. An invitation is for a flow of its own. */
async function resume(client, options, anew, lazy, was) {
    const left = options.storage && !anew && !options.invitation_token ? await resumeFlow(client, options.storage, options.links) : undefined;
    if (left?.state.flow.journey === options.journey)
        return was(), left;
    return lazy ? undefined : startFlow(client, options);
}
/** A flow that arrives after its component has left is not kept over the next one's. */
function whileHere(storage, here) {
    return {
        getItem: (key) => storage.getItem(key),
        setItem: (key, value) => here() && storage.setItem(key, value),
        removeItem: (key) => here() && storage.removeItem(key),
    };
}
