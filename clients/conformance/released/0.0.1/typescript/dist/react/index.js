import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { resumeFlow, startFlow } from "../flow/index.js";
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
/** Runs a flow while the component is there. It starts anew when the journey changes. */
export function useFlow(client, { onCompleted, ...options }) {
    const [round, setRound] = useState(0);
    const [driver, setDriver] = useState();
    const [failure, setFailure] = useState();
    const latest = useRef({ options, onCompleted });
    latest.current = { options, onCompleted };
    useEffect(() => {
        let here = true;
        // Not at once: React, in development, comes and goes once before it stays.
        const timer = setTimeout(() => {
            begin(client, latest.current.options, round > 0).then((started) => {
                if (!here)
                    return void started.abandon().catch(() => undefined);
                setDriver(started);
                if (started.state.flow.status === "completed")
                    latest.current.onCompleted?.(started.state.flow);
            }, (error) => here && setFailure(error));
        });
        return () => {
            here = false;
            clearTimeout(timer);
            setDriver(undefined);
            setFailure(undefined);
        };
    }, [client, options.journey, options.client_id, round]);
    const read = () => driver?.state;
    const state = useSyncExternalStore(driver?.subscribe ?? idle, read, read);
    const act = useCallback(async (what) => {
        if (!driver)
            return undefined;
        try {
            const flow = await what(driver);
            if (flow.status === "completed")
                latest.current.onCompleted?.(flow);
            return flow;
        }
        catch {
            return undefined; // it is in the state
        }
    }, [driver]);
    return {
        flow: state?.flow,
        busy: state ? state.busy : !failure,
        error: state ? state.error : failure,
        submit: useCallback((answer) => act((one) => one.submit(answer)), [act]),
        back: useCallback(() => act((one) => one.back()), [act]),
        restart: useCallback(() => setRound((before) => before + 1), []),
    };
}
async function begin(client, options, anew) {
    const left = options.storage && !anew ? await resumeFlow(client, options.storage) : undefined;
    return left?.state.flow.journey === options.journey ? left : startFlow(client, options);
}
